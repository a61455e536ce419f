// My account: the password, the authenticator app, roles and service providers.

import { screen } from "@testing-library/svelte";
import type { UserEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { account, admin, authenticator, errors, showAccount, showProfile, state } from "../../dev/states";
import { violations } from "../support/axe";
import { fake } from "../support/fake-ipc";
import {
  about,
  all,
  become,
  find,
  focused,
  get,
  isMarked,
  isOff,
  open,
  rest,
  text,
  value,
} from "../support/window";

describe("changing the password", () => {
  async function change(
    user: UserEvent,
    existing = "old-password-1",
    next = "new-password-2",
  ): Promise<void> {
    await user.type(get("existing-password"), existing);
    await user.type(get("new-password"), `${next}{Enter}`);
    await rest();
  }

  it("empties and hides both fields after success", async () => {
    const user = await open(showProfile());
    for (const eye of screen.getAllByRole("button", { name: "Show the password" })) await user.click(eye);
    expect(get("new-password").getAttribute("type")).toBe("text");
    await change(user);
    expect(fake.changePassword.mock.calls).toEqual([[admin.id, "old-password-1", "new-password-2"]]);
    expect([value("existing-password"), value("new-password")]).toEqual(["", ""]);
    for (const field of ["existing-password", "new-password"])
      expect(get(field).getAttribute("type")).toBe("password");
  });

  it("shows how much of the rule the new password meets", async () => {
    const user = await open(showProfile());
    expect(get("password-rule").dataset.met).toBe("false");
    expect(about("new-password")).toContain("At least 16 characters");
    await user.type(get("new-password"), "abcdefg1");
    expect(get("password-rule").dataset.met).toBe("true");
    expect(text("password-rule")).toContain("In test mode");
    await become(state("profile-live"));
    expect(text("password-rule")).not.toContain("In test mode");
    expect(value("new-password")).toBe("");
  });

  it("asks for an empty field and sends nothing", async () => {
    const user = await open(showProfile());
    await user.click(get("change-password"));
    expect(focused()).toBe("existing-password");
    expect(about("existing-password")).toContain("Type your existing password first.");
    await user.keyboard("old{Enter}");
    await rest();
    expect(focused()).toBe("new-password");
    expect(about("new-password")).toContain("Type a new password, too.");
    expect([all("error").length, get("profile-password").contains(get("error"))]).toEqual([1, true]);
    expect(fake.changePassword).not.toHaveBeenCalled();
  });

  it("marks and empties a wrong existing password, and keeps the new one", async () => {
    fake.changePassword.mockRejectedValueOnce(errors.credentials);
    const user = await open(showProfile());
    await change(user);
    expect(focused()).toBe("existing-password");
    expect([isMarked("existing-password"), isMarked("new-password")]).toEqual([true, false]);
    expect([value("existing-password"), value("new-password")]).toEqual(["", "new-password-2"]);
    expect(await violations()).toEqual([]);
    await user.keyboard("x");
    expect(find("error")).toBeNull();
  });

  it("marks and keeps a password that is too weak", async () => {
    fake.changePassword.mockRejectedValueOnce(errors.newPassword);
    const user = await open(showProfile());
    await change(user, "old", "weak");
    expect(focused()).toBe("new-password");
    expect([isMarked("existing-password"), isMarked("new-password")]).toEqual([false, true]);
    expect([value("existing-password"), value("new-password")]).toEqual(["old", "weak"]);
  });

  it("retries with the same passwords after any other failure, shown in its card", async () => {
    fake.changePassword.mockRejectedValueOnce(errors.failed);
    const user = await open(showProfile());
    await change(user);
    expect(get("profile-password").contains(get("error"))).toBe(true);
    await user.click(get("retry"));
    await rest();
    expect(fake.changePassword).toHaveBeenCalledTimes(2);
    expect(value("new-password")).toBe("");
  });

  it("leaves no password in the document", async () => {
    fake.changePassword.mockRejectedValue(errors.failed);
    const user = await open(showProfile());
    await change(user, "correct-horse-1", "battery-staple-2");
    expect(document.documentElement.outerHTML).not.toMatch(/correct-horse|battery-staple/);
    await become(showAccount());
    await become(showProfile());
    expect([value("existing-password"), value("new-password")]).toEqual(["", ""]);
  });
});

describe("setting up an authenticator app", () => {
  it("moves the focus to the set-up, and back after Cancel", async () => {
    const user = await open(showProfile());
    await user.click(get("set-up-totp"));
    expect(fake.setUpTotp.mock.calls).toEqual([[admin.id]]);
    await become(showProfile(undefined, {}, authenticator()));
    expect(find("set-up-totp")).toBeNull();
    const heading = screen.getByRole("heading", { name: "Authenticator app" });
    expect(document.activeElement).toBe(heading);
    expect(text("profile-totp")).toContain("Confirming replaces your current session with a new one.");
    expect(all("backup-codes")).toHaveLength(1);
    expect(get("profile-totp").querySelectorAll("h3"), "below the part's own heading").toHaveLength(3);

    await user.click(get("leave-totp"));
    expect(fake.leaveTotp).toHaveBeenCalledTimes(1);
    await become(showProfile());
    expect(find("qr-code")).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole("heading", { name: "Authenticator app" }));
  });

  it("shows its failure in its card", async () => {
    fake.setUpTotp.mockRejectedValueOnce(errors.failed);
    const user = await open(showProfile());
    await user.click(get("set-up-totp"));
    await rest();
    expect(all("error")).toHaveLength(1);
    expect(get("profile-totp").contains(get("error"))).toBe(true);
    await user.click(get("retry"));
    expect(fake.setUpTotp).toHaveBeenCalledTimes(2);
  });

  it("is confirmed by a code; a wrong code can be typed again", async () => {
    fake.confirmTotp.mockRejectedValueOnce(errors.code);
    const user = await open(state("profile-totp"));
    get("code").focus();
    await user.keyboard("123456");
    await rest();
    expect(fake.confirmTotp.mock.calls).toEqual([[admin.id, "123456"]]);
    expect(all("error")).toHaveLength(1);
    expect(focused()).toBe("code");
    expect([value("code"), isMarked("code")]).toEqual(["", true]);
    expect(await violations()).toEqual([]);
    await user.keyboard("654321");
    await rest();
    expect(fake.confirmTotp).toHaveBeenCalledTimes(2);
    expect(find("error")).toBeNull();
  });

  it("shows the file of the backup codes beside them, once, with Open folder", async () => {
    const path = "/home/mira/codes.txt";
    const user = await open({ ...state("profile-totp"), notice: { kind: "backupCodesSaved", path } });
    expect(document.querySelector("main")?.textContent?.split(path)).toHaveLength(2);
    expect(get("profile-totp").textContent?.replace(/\s+/g, " ")).toContain(`Saved to ${path}`);
    await user.click(get("open-folder"));
    expect(fake.openFolder).toHaveBeenCalledTimes(1);
  });

  it("saves the backup codes, and shows a failure beside them", async () => {
    fake.saveBackupCodes.mockRejectedValueOnce(errors.failed);
    const user = await open(state("profile-totp"));
    await user.click(get("save-backup-codes"));
    await rest();
    expect(all("error")).toHaveLength(1);
    expect(get("profile-totp").contains(get("error"))).toBe(true);
  });
});

describe("roles by tenant", () => {
  it("are a table with one row a tenant", async () => {
    await open(
      showProfile(undefined, {
        accounts: [account({ roles: [...admin.roles, { tenant: "x", roles: [] }] })],
      }),
    );
    const rows = [...get("profile-roles").querySelectorAll("tbody tr")].map((row) =>
      [...row.children].map((cell) => cell.textContent?.trim()),
    );
    expect(rows).toEqual([
      ["Demo Workspace", "admin"],
      ["Nordlicht Oy", "viewer"],
      ["x", "None"],
    ]);
  });

  it("says so if there are none", async () => {
    await open(state("profile-missing"));
    expect(text("profile-roles")).toContain("You have no role in any tenant.");
    expect(get("profile-roles").querySelector("table")).toBeNull();
  });
});

describe("service providers", () => {
  it.each([
    ["saml-log-in", fake.completeSamlLogIn],
    ["saml-log-out", fake.completeSamlLogOut],
  ])(
    "%s goes to the browser in live mode, and is off in test mode, which it says",
    async (testid, command) => {
      const user = await open(state("profile-live"));
      await user.click(get(testid));
      expect(command.mock.calls).toEqual([["mira"]]);
      await become(showProfile());
      expect(isOff(testid)).toBe(true);
      expect(about(testid)).toContain("SAML exists in live mode only");
      await user.click(get(testid));
      expect(command).toHaveBeenCalledTimes(1);
    },
  );

  it("a log-out there says that the account stays logged in here", async () => {
    await open(state("profile-live"));
    expect(about("saml-log-out")).toContain("You stay logged in here.");
  });

  it("show a failure in their card", async () => {
    fake.completeSamlLogIn.mockRejectedValueOnce(errors.failed);
    const user = await open(state("profile-live"));
    await user.click(get("saml-log-in"));
    await rest();
    expect(all("error")).toHaveLength(1);
    expect(get("profile-saml").contains(get("error"))).toBe(true);
  });
});
