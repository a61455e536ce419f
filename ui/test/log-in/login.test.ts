import { screen } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { account, askPassword, errors, keyring, many, pending, showAccount } from "../../dev/states";
import { fake } from "../support/fake-ipc";
import { about, all, become, find, focused, get, open, rest } from "../support/window";

const value = (testid: string): string => (get(testid) as HTMLInputElement).value;

describe("what is new to be read", () => {
  it("does not take away the field that somebody is typing into", async () => {
    const user = await open(askPassword());
    await user.keyboard("hunt");
    get("login-view").scrollTop = 90;
    const seen = vi.spyOn(Element.prototype, "scrollIntoView");
    await become(askPassword({ pendingRevocations: [pending()] }));
    expect(get("login-view").scrollTop).toBe(90);
    expect(seen.mock.contexts).toEqual([get("password")]);
    get("log-in").focus();
    await become(askPassword());
    expect(get("login-view").scrollTop, "nobody is typing any more").toBe(0);
  });

  it("comes into sight, whatever has the focus", async () => {
    await open(askPassword());
    get("login-view").scrollTop = 90;
    await become(askPassword({ revision: 2, pendingRevocations: [pending()] }));
    expect(get("login-view").scrollTop).toBe(0);
    get("login-view").scrollTop = 90;
    await become(askPassword({ revision: 3, pendingRevocations: [pending({ tries: 7 })] }));
    expect(get("login-view").scrollTop).toBe(90);
  });
});

describe("logging in", () => {
  beforeEach(() => document.body.focus());

  it("sends what was typed, on Enter, and empties the password when it is done", async () => {
    const user = await open(askPassword({}, {}, ""));
    await user.keyboard("admin@example.com");
    await user.type(get("password"), "hunter2{Enter}");
    await rest();
    expect(fake.logIn.mock.calls).toEqual([["admin@example.com", "hunter2"]]);
    expect(value("password")).toBe("");
  });

  it("asks for what is missing instead of sending it", async () => {
    const user = await open(askPassword({}, {}, ""));
    await user.click(get("log-in"));
    expect(focused()).toBe("email-or-username");
    expect(about("email-or-username")).toContain("Type your e-mail or user name, then log in.");
    expect(get("email-or-username").getAttribute("aria-invalid")).toBe("true");
    await user.keyboard("a");
    await rest();
    expect(find("error")).toBeNull();
    await user.keyboard("dmin{Enter}");
    await rest();
    expect(focused()).toBe("password");
    expect(about("password")).toContain("Type your password, then log in.");
    expect(all("error")).toHaveLength(1);
    expect([get("email-or-username"), get("password")].map((it) => it.getAttribute("aria-required"))).toEqual(
      ["true", "true"],
    );
    expect(fake.logIn).not.toHaveBeenCalled();
  });

  it("empties and focuses the password when it was wrong, and hides it again", async () => {
    fake.logIn.mockRejectedValue(errors.credentials);
    const user = await open(askPassword());
    await user.click(screen.getByRole("button", { name: "Show the password" }));
    expect(get("password").getAttribute("type")).toBe("text");
    await user.type(get("password"), "wrong{Enter}");
    await rest();
    expect(value("password")).toBe("");
    expect(get("password").getAttribute("type")).toBe("password");
    expect(focused()).toBe("password");
    expect(get("password").getAttribute("aria-invalid")).toBe("true");
    expect(get("email-or-username").getAttribute("aria-invalid")).toBe("true");
    expect(find("retry")).toBeNull();
    await user.keyboard("r");
    await rest();
    expect(find("error")).toBeNull();
  });

  it("keeps the password when the failure is not about it, and tries again with it", async () => {
    fake.logIn.mockRejectedValueOnce(errors.failed);
    const user = await open(askPassword());
    await user.type(get("password"), "hunter2{Enter}");
    await rest();
    expect(value("password")).toBe("hunter2");
    await user.click(get("retry"));
    await rest();
    expect(fake.logIn.mock.calls).toEqual([
      ["admin@example.com", "hunter2"],
      ["admin@example.com", "hunter2"],
    ]);
    expect(value("password")).toBe("");
  });

  it("leaves no trace of the password in the document", async () => {
    fake.logIn.mockRejectedValue(errors.failed);
    const user = await open(askPassword());
    await user.type(get("password"), "correct-horse-battery{Enter}");
    await rest();
    expect(document.documentElement.outerHTML).not.toContain("correct-horse-battery");
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain("correct-horse-battery");
    await become(showAccount());
    await become(askPassword());
    expect(value("password")).toBe("");
  });

  it("keeps what is being typed while snapshots arrive", async () => {
    const user = await open(askPassword());
    await user.clear(get("email-or-username"));
    await user.type(get("email-or-username"), "mira");
    await become(askPassword({ inProgress: [{ kind: "loggingIn" }] }));
    expect(value("email-or-username")).toBe("mira");
    expect(get("log-in").getAttribute("aria-busy")).toBe("true");
  });

  it("offers to unlock the keyring once, and forgets the error when it is unlocked", async () => {
    fake.logIn.mockRejectedValue(errors.keyringLocked);
    const locked = { ...keyring, status: "locked" } as const;
    const user = await open(askPassword({ keyring: locked }));
    expect(all("unlock")).toHaveLength(1);
    await user.type(get("password"), "hunter2{Enter}");
    await rest();
    expect(get("error").textContent).toContain("is locked");
    expect(all("unlock")).toHaveLength(1);
    await user.click(get("unlock"));
    await rest();
    expect(fake.unlockKeyring).toHaveBeenCalledTimes(1);
    await become(askPassword());
    expect(find("error")).toBeNull();
    expect(find("unlock")).toBeNull();
  });

  it("forgets an error when the view changes", async () => {
    fake.logIn.mockRejectedValue(errors.failed);
    const user = await open(askPassword());
    await user.type(get("password"), "hunter2{Enter}");
    await rest();
    expect(find("error")).not.toBeNull();
    await become(showAccount());
    expect(find("error")).toBeNull();
  });
});

describe("going back", () => {
  it("is offered and bound to Escape only when there is an account view", async () => {
    const user = await open(askPassword());
    expect(find("leave-login")).toBeNull();
    await user.keyboard("{Escape}");
    expect(fake.leaveLogin).not.toHaveBeenCalled();

    await become(askPassword({ accounts: [account()] }, {}, "", true));
    await user.keyboard("{Escape}");
    expect(fake.leaveLogin).toHaveBeenCalledTimes(1);
    await user.click(get("leave-login"));
    expect(fake.leaveLogin).toHaveBeenCalledTimes(2);
  });

  it("continues as the one account, and leaves several to the list", async () => {
    const user = await open(askPassword({ accounts: [account({ id: "mira", name: "Mira Ölund" })] }));
    expect(get("continue-as").textContent).toBe("Mira Ölund");
    await user.click(get("continue-as"));
    expect(fake.switchAccount.mock.calls).toEqual([["mira"]]);
    await become(askPassword({ accounts: many }));
    expect([find("continue-as"), find("account-list") !== null]).toEqual([null, true]);
  });
});
