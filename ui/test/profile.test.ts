// My account: what users can change about themselves.

import { fireEvent, screen } from "@testing-library/svelte";
import type { UserEvent } from "@testing-library/user-event";
import axe from "axe-core";
import { describe, expect, it, vi } from "vitest";
import { account, authenticator, errors, shot, showAccount, showProfile, states, userForm } from "../dev/states";
import type { UserForm } from "../src/bindings/UserForm";
import * as fake from "./fake-ipc";
import { about, all, become, find, focused, get, open, rest, text, value } from "./window";

const admin = account();
const isOff = (testid: string): boolean => get(testid).getAttribute("aria-disabled") === "true";
const isMarked = (testid: string): boolean => get(testid).getAttribute("aria-invalid") === "true";
const state = (name: string) => states[name] ?? shot();

/** Types over what is in a field. */
async function fill(user: UserEvent, testid: string, typed: string): Promise<void> {
  await user.clear(get(testid));
  if (typed !== "") await user.type(get(testid), typed);
}

/** Types JSON, in which user-event would see keys. */
async function edit(typed: string): Promise<void> {
  await fireEvent.input(get("custom-data"), { target: { value: typed } });
  await rest();
}

async function violations(): Promise<string[]> {
  document.documentElement.lang = "en";
  document.title = "Userfront Accounts";
  const result = await axe.run(document.documentElement, { rules: { "color-contrast": { enabled: false } } });
  return result.violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join(" | ")}`);
}

describe("the way to it", () => {
  it("is a button of the account view, and Back and Escape lead away", async () => {
    const user = await open(showAccount());
    await user.click(get("show-profile"));
    expect(fake.showProfile.mock.calls).toEqual([[admin.id]]);
    await become(showProfile());
    expect(get("profile-view").querySelector("h1")).toBe(document.activeElement);
    await user.click(get("leave-view"));
    await rest();
    await user.keyboard("{Escape}");
    expect(fake.leaveView).toHaveBeenCalledTimes(2);
  });

  it("is there for who has tokens to ask with", async () => {
    await open(showAccount([account({ health: "expired" })]));
    expect(find("show-profile")).not.toBeNull();
    for (const health of ["signedOutByServer", "tokensMissing", "arriving", "leaving"] as const) {
      await become(showAccount([account({ health })]));
      expect(find("show-profile"), health).toBeNull();
    }
  });

  it("leads there again while Userfront is still being asked", async () => {
    fake.showProfile.mockReturnValue(fake.promised().promise);
    const user = await open(showAccount());
    await user.click(get("show-profile"));
    await become(showProfile(null, { inProgress: [{ kind: "editingProfile", account: admin.id }] }));
    await become(showAccount());
    await user.click(get("show-profile"));
    expect(fake.showProfile).toHaveBeenCalledTimes(2);
  });
});

describe("while Userfront is asked", () => {
  it("says so, then shows what came, and nothing that is typed is lost to later snapshots", async () => {
    const user = await open(state("profile-asking"));
    expect(get("profile-asking").textContent).toContain("Asking Userfront");
    expect(find("save-profile")).toBeNull();
    await become(showProfile());
    expect(find("profile-asking")).toBeNull();
    expect([value("name"), value("username"), value("image")]).toEqual([
      "Admin User",
      "admin",
      "https://example.com/pictures/admin.png",
    ]);
    await fill(user, "name", "Ådmin 名");
    await become(showProfile(undefined, { inProgress: [{ kind: "refreshing", account: admin.id }] }));
    expect(value("name")).toBe("Ådmin 名");
  });

  it("says why nothing came, once, and asks again", async () => {
    fake.showProfile.mockImplementationOnce(async () => {
      await become(showProfile(null));
      throw errors.failed;
    });
    const user = await open(showAccount());
    await user.click(get("show-profile"));
    await rest();
    expect(all("error")).toHaveLength(1);
    expect(get("error").textContent).toContain("Userfront did not answer");
    await user.click(get("retry"));
    await rest();
    expect(fake.showProfile.mock.calls).toEqual([[admin.id], [admin.id]]);
  });

  it("can be asked again when nobody knows why nothing came", async () => {
    const user = await open(state("profile-unanswered"));
    expect(text("profile-missing")).toContain("no answer came");
    const answer = fake.promised();
    fake.showProfile.mockReturnValue(answer.promise);
    await user.click(get("retry"));
    expect(fake.showProfile.mock.calls).toEqual([[admin.id]]);
    expect(find("profile-asking")).not.toBeNull();
    answer.resolve();
    await rest();
    expect(find("profile-missing")).not.toBeNull();
  });

  it("an account that is gone has a way back", async () => {
    const user = await open(state("profile-gone"));
    expect(text("profile-view")).toContain("no longer on this computer");
    await user.click(get("leave-view"));
    expect(fake.leaveView).toHaveBeenCalledTimes(1);
  });
});

describe("the details", () => {
  it("are saved when something is new, trimmed, with what is old beside it", async () => {
    const user = await open(showProfile());
    expect([isOff("save-profile"), isOff("discard-changes")]).toEqual([true, true]);
    expect(about("save-profile")).toContain("Nothing has been changed.");
    await user.click(get("save-profile"));
    await user.type(get("name"), "  ");
    expect(isOff("save-profile")).toBe(true);
    await fill(user, "name", " Ådmin 名 😀 ");
    expect([isOff("save-profile"), isOff("discard-changes")]).toEqual([false, false]);
    await user.click(get("save-profile"));
    await rest();
    const { username, image, data } = userForm();
    expect(fake.saveProfile.mock.calls).toEqual([[admin.id, "Ådmin 名 😀", username, image, data]]);
  });

  it("are saved on Enter, and can be cleared", async () => {
    const user = await open(showProfile());
    await fill(user, "image", "");
    await fill(user, "username", "{Enter}");
    await rest();
    expect(fake.saveProfile.mock.calls).toEqual([[admin.id, "Admin User", "", "", userForm().data]]);
  });

  it("show what Userfront made of them once it has them, whichever comes first", async () => {
    const user = await open(showProfile());
    await fill(user, "username", "Admin2");
    await user.click(get("save-profile"));
    await rest();
    expect(value("username")).toBe("Admin2");
    await become(showProfile(userForm({ username: "admin2" })));
    expect([value("username"), isOff("save-profile")]).toEqual(["admin2", true]);

    fake.saveProfile.mockImplementationOnce(() => become(showProfile(userForm({ username: "admin3" }))));
    await fill(user, "username", "ADMIN3");
    await user.click(get("save-profile"));
    await rest();
    expect([value("username"), isOff("save-profile")]).toEqual(["admin3", true]);
  });

  it("are one command while it lasts, and cannot be edited meanwhile", async () => {
    const answer = fake.promised();
    fake.saveProfile.mockReturnValue(answer.promise);
    const user = await open(showProfile());
    await fill(user, "name", "New");
    await user.dblClick(get("save-profile"));
    await user.type(get("name"), "er{Enter}");
    expect(fake.saveProfile).toHaveBeenCalledTimes(1);
    expect(get("save-profile").getAttribute("aria-busy")).toBe("true");
    expect(get("change-password").getAttribute("aria-busy")).toBe("false");
    expect([value("name"), isOff("discard-changes")]).toEqual(["New", true]);
    answer.resolve();
    await rest();
    expect(get("save-profile").getAttribute("aria-busy")).toBe("false");
  });

  it("go back to what they were", async () => {
    const user = await open(showProfile());
    await fill(user, "name", "Nobody");
    await edit("{");
    await user.click(get("discard-changes"));
    expect([value("name"), value("custom-data")]).toEqual(["Admin User", userForm().data]);
    expect(focused()).toBe("discard-changes");
    expect(find("custom-data-fault")).toBeNull();
  });

  it.each([
    ["username", "username"],
    ["image", "image"],
    ["customData", "custom-data"],
  ])("that are refused for %s mark their field, until it is edited", async (code, testid) => {
    const error = errors[code];
    if (!error) throw new Error(code);
    fake.saveProfile.mockRejectedValueOnce(error);
    const user = await open(showProfile());
    await fill(user, "name", "New");
    await user.click(get("save-profile"));
    await rest();
    expect(all("error")).toHaveLength(1);
    expect(focused()).toBe(testid);
    expect(isMarked(testid)).toBe(true);
    expect(about(testid)).toContain(error.message);
    expect(await violations()).toEqual([]);
    await user.type(get(testid), "1");
    expect(find("error")).toBeNull();
    expect(value("name")).toBe("New");
  });

  it("that cannot be saved say so in their own part, and are tried again", async () => {
    fake.saveProfile.mockRejectedValueOnce(errors.failed);
    const user = await open(showProfile());
    await fill(user, "name", "New");
    await user.click(get("save-profile"));
    await rest();
    expect(all("error")).toHaveLength(1);
    expect(get("profile-details").contains(get("error"))).toBe(true);
    await user.click(get("retry"));
    await rest();
    expect(fake.saveProfile).toHaveBeenCalledTimes(2);
    expect(find("error")).toBeNull();
  });

  it("wait as long as the server wants", async () => {
    fake.saveProfile.mockRejectedValueOnce(errors.tooMany);
    const user = await open(showProfile());
    await fill(user, "name", "New");
    await user.click(get("save-profile"));
    await rest();
    expect(isOff("save-profile")).toBe(true);
    await user.click(get("save-profile"));
    await user.type(get("name"), "{Enter}");
    expect(fake.saveProfile).toHaveBeenCalledTimes(1);
  });

  it("e-mail and phone number are shown and cannot be edited, and it is said why", async () => {
    await open(showProfile());
    expect(text("profile-details")).toContain("admin@example.com");
    expect(text("profile-details")).toContain("+49 30 901820");
    expect(text("profile-details")).toContain("this app does not change them");
    await become(state("profile-missing"));
    expect(text("profile-details")).toMatch(/E-mail None ?Phone number None/);
  });
});

describe("custom data", () => {
  it("is checked while one types, with the place in words", async () => {
    const user = await open(showProfile());
    await edit('{\n  "a": 1\n  "b": 2\n}');
    expect(text("custom-data-fault")).toBe("Line 3, column 3: A comma or } is missing here.");
    expect(isMarked("custom-data")).toBe(true);
    expect(about("custom-data")).toContain("A comma or } is missing here.");
    expect(await violations()).toEqual([]);

    await user.click(get("save-profile"));
    expect(fake.saveProfile).not.toHaveBeenCalled();
    const area = get("custom-data") as HTMLTextAreaElement;
    expect(document.activeElement).toBe(area);
    expect(area.value.slice(area.selectionStart)).toBe('"b": 2\n}');

    await edit('{"a": 1, "b": 2}');
    expect(find("custom-data-fault")).toBeNull();
    expect(isMarked("custom-data")).toBe(false);
    await user.click(get("save-profile"));
    await rest();
    expect(fake.saveProfile.mock.calls[0]?.[4]).toBe('{"a": 1, "b": 2}');
  });

  it("is read out as wrong only to who pauses", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      await open(showProfile());
      const live = get("custom-data").parentElement?.querySelector("[aria-live=polite]");
      await edit("{");
      expect(live?.textContent).toBe("");
      vi.advanceTimersByTime(500);
      await edit('{"a');
      vi.advanceTimersByTime(899);
      await rest();
      expect(live?.textContent).toBe("");
      vi.advanceTimersByTime(1);
      await rest();
      expect(live?.textContent).toContain("Line 1, column 2.");
    } finally {
      vi.useRealTimers();
    }
  });

  it("is indented on demand, every value as it was written, and that alone is nothing new", async () => {
    const user = await open(showProfile(userForm({ data: '{\n  "n": 1.00\n}' })));
    expect(isOff("custom-data-format")).toBe(true);
    await edit('{"n":1.00}');
    expect([isOff("save-profile"), isOff("custom-data-format")]).toEqual([true, false]);
    await user.click(get("custom-data-format"));
    expect(value("custom-data")).toBe('{\n  "n": 1.00\n}');
    await edit('{"n":1.0}');
    expect(isOff("save-profile")).toBe(false);
    await edit('{"n":1.0');
    expect(isOff("custom-data-format")).toBe(true);
    await user.click(get("custom-data-format"));
    expect(value("custom-data")).toBe('{"n":1.0');
  });

  it("is shown indented as it came, to the last digit, and that is nothing new", async () => {
    const data = '{"id":18446744073709551616,"at":[59.32932349999999,1.0]}';
    const user = await open(showProfile(userForm({ data })));
    const indented = '{\n  "id": 18446744073709551616,\n  "at": [\n    59.32932349999999,\n    1.0\n  ]\n}';
    expect([value("custom-data"), isOff("save-profile")]).toEqual([indented, true]);
    await edit(indented.replace("1.0", "2.0"));
    await user.click(get("discard-changes"));
    expect(value("custom-data")).toBe(indented);
  });

  it("with a name twice from Userfront is shown, and stops only its own saving", async () => {
    const data = '{"a":1,"a":2}';
    const user = await open(showProfile(userForm({ data })));
    expect(value("custom-data")).toBe(data);
    expect(text("custom-data-fault")).toContain("is there twice");
    await fill(user, "name", "New");
    await user.click(get("save-profile"));
    expect(fake.saveProfile.mock.calls.map((call) => [call[1], call[4]])).toEqual([["New", data]]);
    await edit('{"a":1,"a":3}');
    await user.click(get("save-profile"));
    expect(fake.saveProfile).toHaveBeenCalledTimes(1);
  });

  it("counts bytes, not characters", async () => {
    await open(showProfile(userForm({ data: "{}" })));
    expect(text("custom-data-size")).toBe("2 bytes");
    await edit('{"名":"😀"}');
    expect(text("custom-data-size")).toBe("14 bytes");
    await become(state("profile-long"));
    await edit(`{"a":"${"å".repeat(2100)}"}`);
    expect(text("custom-data-size")).toBe("4,208 bytes");
  });

  it("lets Tab and Shift+Tab through", async () => {
    const user = await open(showProfile());
    get("custom-data").focus();
    await user.tab();
    expect(focused()).toBe("save-profile");
    await user.tab({ shift: true });
    expect(focused()).toBe("custom-data");
    expect(value("custom-data")).toBe(userForm().data);
  });

  it("may be emptied", async () => {
    const user = await open(showProfile());
    await fill(user, "custom-data", "");
    expect(find("custom-data-fault")).toBeNull();
    await user.click(get("save-profile"));
    expect(fake.saveProfile.mock.calls[0]?.[4]).toBe("");
  });

  it("that Rust sends wrong is shown as it is, and is nothing new", async () => {
    await open(state("profile-wrong-data"));
    expect(text("custom-data-fault")).toContain('Text stands in double quotes: "yes".');
    expect(isOff("save-profile")).toBe(true);
  });
});

describe("going elsewhere with something unsaved", () => {
  it.each([
    ["leave-view", fake.leaveView],
    ["show-activity", fake.showActivity],
    ["show-settings", fake.showSettings],
  ])("by %s asks, and no means no", async (way, command) => {
    const user = await open(showProfile());
    await fill(user, "name", "New");
    await user.click(get(way));
    expect(text("dialog")).toContain("Leave without saving?");
    expect(focused()).toBe("cancel");
    expect(await violations()).toEqual([]);
    await user.click(get("cancel"));
    await rest();
    expect(find("dialog")).toBeNull();
    expect(command).not.toHaveBeenCalled();
    expect(value("name")).toBe("New");

    await user.click(get(way));
    await user.click(get("leave-unsaved"));
    await rest();
    expect(command).toHaveBeenCalledTimes(1);
  });

  it("by Escape asks too, and Escape answers no", async () => {
    const user = await open(showProfile());
    await fill(user, "name", "New");
    await user.keyboard("{Escape}");
    expect(find("dialog")).not.toBeNull();
    await user.keyboard("{Escape}");
    expect(fake.leaveView).not.toHaveBeenCalled();
  });

  it("does not ask when nothing is new, or once it is saved", async () => {
    const user = await open(showProfile());
    await fill(user, "name", "New");
    await fill(user, "name", "Admin User");
    await user.click(get("leave-view"));
    expect(fake.leaveView).toHaveBeenCalledTimes(1);
    await rest();
    await fill(user, "name", "New");
    await user.click(get("save-profile"));
    await rest();
    await become(showProfile(userForm({ name: "New" })));
    await user.click(get("leave-view"));
    expect(fake.leaveView).toHaveBeenCalledTimes(2);
  });

  it("is asked in this view alone, and what was typed is gone with it", async () => {
    const user = await open(showProfile());
    await fill(user, "name", "New");
    await become(showAccount());
    await user.click(get("show-settings"));
    expect(find("dialog")).toBeNull();
    expect(fake.showSettings).toHaveBeenCalledTimes(1);
    await become(showProfile());
    expect(value("name")).toBe("Admin User");
  });
});

describe("the password", () => {
  async function change(user: UserEvent, existing = "old-password-1", next = "new-password-2"): Promise<void> {
    await user.type(get("existing-password"), existing);
    await user.type(get("new-password"), `${next}{Enter}`);
    await rest();
  }

  it("is changed, and then both fields are empty and hidden", async () => {
    const user = await open(showProfile());
    for (const eye of screen.getAllByRole("button", { name: "Show the password" })) await user.click(eye);
    expect(get("new-password").getAttribute("type")).toBe("text");
    await change(user);
    expect(fake.changePassword.mock.calls).toEqual([[admin.id, "old-password-1", "new-password-2"]]);
    expect([value("existing-password"), value("new-password")]).toEqual(["", ""]);
    for (const field of ["existing-password", "new-password"]) expect(get(field).getAttribute("type")).toBe("password");
  });

  it("follows the rule while one types", async () => {
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

  it("asks for what is missing instead of sending it", async () => {
    const user = await open(showProfile());
    await user.click(get("change-password"));
    expect(focused()).toBe("existing-password");
    await user.keyboard("old{Enter}");
    expect(focused()).toBe("new-password");
    expect(fake.changePassword).not.toHaveBeenCalled();
  });

  it("that is not the existing one is marked, emptied and asked for again; the new one stays", async () => {
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

  it("that is too weak is marked and kept", async () => {
    fake.changePassword.mockRejectedValueOnce(errors.newPassword);
    const user = await open(showProfile());
    await change(user, "old", "weak");
    expect(focused()).toBe("new-password");
    expect([isMarked("existing-password"), isMarked("new-password")]).toEqual([false, true]);
    expect([value("existing-password"), value("new-password")]).toEqual(["old", "weak"]);
  });

  it("is tried again as typed when the failure is another, told in its own part", async () => {
    fake.changePassword.mockRejectedValueOnce(errors.failed);
    const user = await open(showProfile());
    await change(user);
    expect(get("profile-password").contains(get("error"))).toBe(true);
    await user.click(get("retry"));
    await rest();
    expect(fake.changePassword).toHaveBeenCalledTimes(2);
    expect(value("new-password")).toBe("");
  });

  it("leaves no trace in the document", async () => {
    fake.changePassword.mockRejectedValue(errors.failed);
    const user = await open(showProfile());
    await change(user, "correct-horse-1", "battery-staple-2");
    expect(document.documentElement.outerHTML).not.toMatch(/correct-horse|battery-staple/);
    await become(showAccount());
    await become(showProfile());
    expect([value("existing-password"), value("new-password")]).toEqual(["", ""]);
  });
});

describe("an authenticator app", () => {
  it("is set up: the focus goes to what has come, and back when it is given up", async () => {
    const user = await open(showProfile());
    await user.click(get("set-up-totp"));
    expect(fake.setUpTotp.mock.calls).toEqual([[admin.id]]);
    await become(showProfile(undefined, {}, authenticator()));
    expect(find("set-up-totp")).toBeNull();
    const heading = screen.getByRole("heading", { name: "Authenticator app" });
    expect(document.activeElement).toBe(heading);
    expect(text("profile-totp")).toContain("logs you in anew with it, and ends the session you have now");
    expect(all("backup-codes")).toHaveLength(1);

    await user.click(get("leave-totp"));
    expect(fake.leaveTotp).toHaveBeenCalledTimes(1);
    await become(showProfile());
    expect(find("qr-code")).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole("heading", { name: "Authenticator app" }));
  });

  it("that cannot be set up says why, in its own part", async () => {
    fake.setUpTotp.mockRejectedValueOnce(errors.failed);
    const user = await open(showProfile());
    await user.click(get("set-up-totp"));
    await rest();
    expect(all("error")).toHaveLength(1);
    expect(get("profile-totp").contains(get("error"))).toBe(true);
    await user.click(get("retry"));
    expect(fake.setUpTotp).toHaveBeenCalledTimes(2);
  });

  it("is confirmed with a code, and a wrong one is asked for again", async () => {
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

  it("has its backup codes saved, and a failure of that is told beside them", async () => {
    fake.saveBackupCodes.mockRejectedValueOnce(errors.failed);
    const user = await open(state("profile-totp"));
    await user.click(get("save-backup-codes"));
    await rest();
    expect(all("error")).toHaveLength(1);
    expect(get("profile-totp").contains(get("error"))).toBe(true);
  });
});

describe("roles by tenant", () => {
  it("are a table, tenant by tenant", async () => {
    await open(
      showProfile(undefined, { accounts: [account({ roles: [...admin.roles, { tenant: "x", roles: [] }] })] }),
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

  it("that are none are said to be none", async () => {
    await open(state("profile-missing"));
    expect(text("profile-roles")).toContain("You have no role in any tenant.");
    expect(get("profile-roles").querySelector("table")).toBeNull();
  });
});

describe("service providers", () => {
  it.each([
    ["saml-log-in", fake.completeSamlLogIn],
    ["saml-log-out", fake.completeSamlLogOut],
  ])("%s goes to the browser in live mode, and is off in test mode, which it says", async (testid, command) => {
    const user = await open(state("profile-live"));
    await user.click(get(testid));
    expect(command.mock.calls).toEqual([["mira"]]);
    await become(showProfile());
    expect(isOff(testid)).toBe(true);
    expect(about(testid)).toContain("SAML exists in live mode only");
    await user.click(get(testid));
    expect(command).toHaveBeenCalledTimes(1);
  });

  it("log-out says that one stays logged in here", async () => {
    await open(state("profile-live"));
    expect(about("saml-log-out")).toContain("You stay logged in here.");
  });

  it("that could not be opened say so in their own part", async () => {
    fake.completeSamlLogIn.mockRejectedValueOnce(errors.failed);
    const user = await open(state("profile-live"));
    await user.click(get("saml-log-in"));
    await rest();
    expect(all("error")).toHaveLength(1);
    expect(get("profile-saml").contains(get("error"))).toBe(true);
  });
});

describe("what belongs to no part", () => {
  it("is told above them", async () => {
    fake.leaveView.mockRejectedValueOnce(errors.failed);
    const user = await open(showProfile());
    await user.click(get("leave-view"));
    await rest();
    expect(all("error")).toHaveLength(1);
    expect(get("profile-details").compareDocumentPosition(get("error"))).toBe(Node.DOCUMENT_POSITION_PRECEDING);
  });
});

describe("the session", () => {
  it("is refreshed on demand, once, and stays busy while Rust says so", async () => {
    const user = await open(showAccount());
    await user.click(get("refresh"));
    expect(fake.refresh.mock.calls).toEqual([[admin.id]]);
    await become(state("account-refreshing"));
    expect(get("refresh").getAttribute("aria-busy")).toBe("true");
    await user.click(get("refresh"));
    expect(fake.refresh).toHaveBeenCalledTimes(1);
    await become(showAccount(undefined, { inProgress: [{ kind: "refreshing", account: "another" }] }));
    expect(get("refresh").getAttribute("aria-busy")).toBe("false");
  });

  it("that cannot be refreshed says why", async () => {
    fake.refresh.mockRejectedValueOnce(errors.failed);
    const user = await open(showAccount());
    await user.click(get("refresh"));
    await rest();
    expect(all("error")).toHaveLength(1);
  });

  it.each(["signedOutByServer", "tokensMissing", "expired"] as const)(
    "of an account that is %s leads to its log-in with one click",
    async (health) => {
      const user = await open(showAccount([account({ health })]));
      await user.click(get("log-in-again"));
      expect(fake.logInAgain.mock.calls).toEqual([[admin.id]]);
      expect(find("refresh") !== null).toBe(health === "expired");
    },
  );
});

describe("whatever the details are", () => {
  it.each<[string, Partial<UserForm>]>([
    ["nothing", { name: "", username: "", image: "", email: "", phoneNumber: "", data: "{}" }],
    ["right to left", { name: "ليلى الحسن", username: "ليلى" }],
    ["4 kB long", { name: "å".repeat(4096), username: "名".repeat(4096), data: `{\n  "a": "${"😀".repeat(1024)}"\n}` }],
    ["markup", { name: "<b onclick=x>x</b>", data: '{\n  "a": "<script>"\n}' }],
  ])("%s is shown as it is", async (_what, change) => {
    const form = userForm(change);
    await open(showProfile(form));
    expect([value("name"), value("username"), value("image"), value("custom-data")]).toEqual([
      form.name,
      form.username,
      form.image,
      form.data,
    ]);
    for (const field of ["name", "username"]) expect(get(field).getAttribute("dir")).toBe("auto");
    expect(isOff("save-profile")).toBe(true);
  });
});
