// The buttons that log out, and what a log-out leaves to be done.

import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import {
  account,
  admin,
  askTenant,
  errors,
  keyring,
  showAccount,
  states,
  unfinished,
} from "../../dev/states";
import type { KeyringStatus } from "../../src/bindings/KeyringStatus";
import { factOf } from "../../src/words";
import Buttons from "../support/Buttons.svelte";
import { fake } from "../support/fake-ipc";
import { all, become, find, focused, get, open, rest } from "../support/window";

const mira = account({ id: "mira", name: "Mira Ölund" });
const busy = (): (string | null)[] => all("log-out").map((it) => it.getAttribute("aria-busy"));
const text = (element: HTMLElement | undefined): string =>
  element?.textContent?.replace(/\s+/g, " ").trim() ?? "";

describe("log-out buttons", () => {
  it("of one account are busy together", async () => {
    const answer = fake.promised();
    fake.logOut.mockReturnValue(answer.promise);
    const user = userEvent.setup();
    render(Buttons, { accounts: [admin, mira] });
    await user.click(all("log-out")[1] as HTMLElement);
    expect(busy()).toEqual(["true", "true", "true", "true", "false"]);
    for (const button of all("log-out").slice(0, 4)) await user.click(button);
    expect(fake.logOut.mock.calls).toEqual([[admin.id, "/signup"]]);
    await user.click(all("log-out")[4] as HTMLElement);
    expect(fake.logOut.mock.calls).toEqual([
      [admin.id, "/signup"],
      ["mira", true],
    ]);
    answer.resolve();
    await rest();
    expect(busy()).toEqual(["false", "false", "false", "false", "false"]);
  });

  it("are busy as long as Rust says", async () => {
    const { rerender } = render(Buttons, {
      accounts: [admin, mira],
      inProgress: [{ kind: "loggingOut", account: admin.id }],
    });
    expect(busy()).toEqual(["true", "true", "true", "true", "false"]);
    await rerender({ inProgress: [] });
    expect(busy()).toEqual(["false", "false", "false", "false", "false"]);
  });

  it("have labels and destinations of their own", async () => {
    const user = userEvent.setup();
    render(Buttons, { accounts: [admin, mira] });
    expect(all("log-out").map(text)).toEqual(["Log out", "Sign out", "Log out", "Log out", "Log out"]);
    await user.click(all("log-out")[2] as HTMLElement);
    expect(fake.logOut.mock.calls).toEqual([[admin.id, false]]);
  });

  it("do nothing while disabled, and give the reason", async () => {
    const user = userEvent.setup();
    render(Buttons, { accounts: [admin, mira] });
    const disabled = all("log-out")[3] as HTMLElement;
    await user.click(disabled);
    expect(fake.logOut).not.toHaveBeenCalled();
    expect(disabled.getAttribute("aria-disabled")).toBe("true");
    expect(disabled.title).toBe("Not now");
  });
});

describe("a log-out that the keyring prevents", () => {
  it.each([
    ["keyringLocked", ["unlock", "retry", "log-out-later"], ["forget"]],
    ["keyringNotAllowed", ["unlock", "retry", "log-out-later"], ["forget"]],
    ["noKeyring", ["retry", "log-out-later", "forget"], ["unlock"]],
    ["keyringHung", ["retry", "log-out-later", "forget"], ["unlock"]],
    ["keyringUnavailable", ["retry", "log-out-later", "forget"], ["unlock"]],
    ["failed", ["retry"], ["unlock", "log-out-later", "forget"]],
  ] as const)("%s offers %j and not %j", async (code, offered, not) => {
    fake.logOut.mockRejectedValue(errors[code]);
    const statuses: Record<string, KeyringStatus> = {
      keyringLocked: "locked",
      keyringNotAllowed: "notAllowed",
      noKeyring: "noKeyring",
      keyringHung: "hung",
      keyringUnavailable: "unavailable",
    };
    const status = statuses[code] ?? "ok";
    const user = await open(showAccount([admin], { keyring: { ...keyring, status } }));
    await user.click(get("log-out"));
    await rest();
    expect(get("error").textContent).toContain(`You are still logged in. ${factOf(errors[code].cause)}`);
    for (const testid of offered) expect(get("error").contains(get(testid)), testid).toBe(true);
    for (const testid of not) expect(find(testid), testid).toBeNull();
  });

  it("offers to forget only for a log-out; another command is just retried", async () => {
    fake.refresh.mockRejectedValue(errors.keyringHung);
    const user = await open(showAccount([admin, mira]));
    await user.click(get("refresh"));
    await rest();
    expect([find("log-out-later"), find("forget")]).toEqual([null, null]);
    await user.click(get("retry"));
    expect(fake.refresh).toHaveBeenCalledTimes(2);
  });

  describe("of all accounts", () => {
    const leaving = account({ id: "loggingOut", name: "Support", health: "loggingOut" });

    it.each([
      ["keyringLocked", "Log out of all once it is unlocked", []],
      [
        "keyringHung",
        "Log out of all once it is back",
        ["Forget Admin User, Demo Workspace…", "Forget Mira Ölund, Demo Workspace…"],
      ],
    ] as const)(
      "%s can wait for the keyring, and each that is still in can be given up",
      async (code, later, forgets) => {
        fake.logOutAll.mockRejectedValue(errors[code]);
        const user = await open(showAccount([admin, mira, leaving]));
        await user.click(get("log-out-all"));
        await user.click(get("log-out-all-confirm"));
        await rest();
        expect(get("error").contains(get("retry"))).toBe(true);
        expect(all("forget").map((it) => it.getAttribute("aria-label"))).toEqual(forgets);
        if (all("forget")[1]) {
          await user.click(all("forget")[1] as HTMLElement);
          expect(text(get("dialog"))).toContain("Forget Mira Ölund, Demo Workspace, without logging out?");
          await user.click(get("cancel"));
          await rest();
        }
        expect(text(get("log-out-later"))).toBe(later);
        await user.click(get("log-out-later"));
        await rest();
        expect(fake.logOutOnceUnlocked.mock.calls).toEqual([[admin.id], ["mira"]]);
        expect(find("error")).toBeNull();
      },
    );

    it("names the one account that is left", async () => {
      fake.logOut.mockRejectedValue(errors.keyringHung);
      const user = await open(showAccount([admin, leaving]));
      await user.click(get("log-out-all"));
      await rest();
      expect(text(get("log-out-later"))).toBe("Log out once it is back");
      expect(all("forget")).toHaveLength(1);
    });
  });

  it("can wait until the keyring is unlocked", async () => {
    fake.logOut.mockRejectedValue(errors.keyringLocked);
    const user = await open(showAccount());
    await user.click(get("log-out"));
    await rest();
    await user.click(get("log-out-later"));
    expect(fake.logOutOnceUnlocked.mock.calls).toEqual([[admin.id]]);
    await rest();
    expect(find("error")).toBeNull();
  });

  it("can be ended by Forget, which names the entries that remain", async () => {
    fake.logOut.mockRejectedValue(errors.keyringHung);
    const user = await open(showAccount());
    await user.click(get("log-out"));
    await rest();
    await user.click(get("forget"));
    expect(focused()).toBe("cancel");
    const words = text(get("dialog"));
    for (const entry of admin.keyringEntries) expect(words).toContain(entry);
    expect(words).toMatch(/The session lives on until \d+ \w+/);
    expect(words).toContain("nothing here can end it");
    await user.click(get("cancel"));
    await rest();
    expect(find("dialog")).toBeNull();
    expect(fake.forget).not.toHaveBeenCalled();

    await user.click(get("forget"));
    await user.click(get("forget-confirm"));
    await rest();
    expect(fake.forget.mock.calls).toEqual([[admin.id]]);
    expect(find("dialog")).toBeNull();
    expect(find("error")).toBeNull();
  });

  it("retries a failed Forget", async () => {
    fake.logOut.mockRejectedValue(errors.keyringHung);
    fake.forget.mockRejectedValueOnce(errors.failed);
    const user = await open(showAccount());
    await user.click(get("log-out"));
    await rest();
    await user.click(get("forget"));
    await user.click(get("forget-confirm"));
    await rest();
    await user.click(get("retry"));
    await rest();
    expect(fake.forget.mock.calls).toEqual([[admin.id], [admin.id]]);
    expect(find("error")).toBeNull();
  });

  it("says that the session has ended by itself", async () => {
    fake.logOut.mockRejectedValue(errors.keyringHung);
    const user = await open(showAccount([account({ sessionEndsAt: 1 })]));
    await user.click(get("log-out"));
    await rest();
    await user.click(get("forget"));
    expect(text(get("dialog"))).toContain("The session has ended by itself");
  });

  it("its error goes away when the keyring is back", async () => {
    fake.logOut.mockRejectedValue(errors.keyringHung);
    const user = await open(showAccount([admin], { keyring: { ...keyring, status: "hung" } }));
    await user.click(get("log-out"));
    await rest();
    expect(find("keyring-panel")).toBeNull();
    await become(showAccount());
    expect(find("error")).toBeNull();
  });
});

describe("an unfinished log-in or log-out", () => {
  const now = (status: KeyringStatus) =>
    askTenant({
      keyring: { ...keyring, status },
      accounts: [account({ health: "loggingOut" })],
      unfinished: [unfinished()],
    });

  it.each([
    [
      "locked",
      "Logging out of Admin User (demo1234): unlock the keyring to finish.",
      ["unlock"],
      ["retry", "forget"],
    ],
    [
      "notAllowed",
      "Logging out of Admin User (demo1234): allow access to finish.",
      ["unlock"],
      ["retry", "forget"],
    ],
    ["noKeyring", "Logging out of Admin User (demo1234): waiting", ["retry", "forget"], ["unlock"]],
    ["hung", "Logging out of Admin User (demo1234): waiting", ["retry", "forget"], ["unlock"]],
    ["unavailable", "Logging out of Admin User (demo1234): waiting", ["retry", "forget"], ["unlock"]],
    ["ok", "Logging out of Admin User (demo1234): being finished.", ["retry"], ["unlock", "forget"]],
  ] as const)("with a keyring that is %s", async (status, words, offered, not) => {
    await open(now(status));
    expect(get("unfinished-row").dataset.account).toBe(admin.id);
    expect(text(get("unfinished-row"))).toContain(words);
    for (const testid of offered) expect(get("unfinished").contains(get(testid)), testid).toBe(true);
    for (const testid of not) expect(find(testid), testid).toBeNull();
    expect(find("keyring-panel")).toBeNull();
    expect(find("continue-as")).toBeNull();
  });

  it("may be a log-in that is rolled back", async () => {
    await open(states["unfinished-log-in"] ?? askTenant());
    expect(text(get("unfinished-row"))).toContain(
      "The interrupted log-in of Admin User (demo1234): unlock the keyring to undo it.",
    );
  });

  it("can be retried, and forgotten", async () => {
    const user = await open(now("hung"));
    await user.click(get("retry"));
    expect(fake.retry).toHaveBeenCalledTimes(1);
    await user.click(get("forget"));
    expect(text(get("dialog"))).toContain(admin.keyringEntries[1]);
    await user.click(get("forget-confirm"));
    expect(fake.forget.mock.calls).toEqual([[admin.id]]);
  });

  it("looks neither like a live account nor like a busy one", async () => {
    await open(states["unfinished-here"] ?? showAccount());
    expect(text(all("account-row")[0])).toContain("Waiting to log out");
    expect(all("account-row")[0]?.querySelector(".spinner")).toBeNull();
    expect(get("log-out").getAttribute("aria-busy")).toBe("false");
    expect(get("log-out").getAttribute("aria-disabled")).toBe("true");
    expect(text(get("account-view"))).toContain("This session may still be alive");
    expect(text(screen.getByRole("region", { name: "Session" }))).toContain("Waiting to log out");
  });
});
