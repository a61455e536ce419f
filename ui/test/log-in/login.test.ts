import { cleanup, screen } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  account,
  askPassword,
  askStep,
  askTenant,
  errors,
  everyFactor,
  factor,
  first,
  keyring,
  many,
  pending,
  showAccount,
} from "../../dev/states";
import { errorText } from "../../src/words";
import { fake } from "../support/fake-ipc";
import { about, all, become, find, focused, get, open, rest, text } from "../support/window";

const value = (testid: string): string => (get(testid) as HTMLInputElement).value;
const advanced = (): HTMLDetailsElement => get("api-url").closest("details") as HTMLDetailsElement;

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

describe("choosing a tenant", () => {
  it("sends what is filled in and typed, on Enter", async () => {
    const user = await open(askTenant());
    await user.keyboard(" demo1234 {Enter}");
    expect(fake.chooseTenant.mock.calls).toEqual([["demo1234", "https://api.userfront.com/v0/", ""]]);
  });

  it("is one command, however often one clicks, and shows that it is at work", async () => {
    const answer = fake.promised();
    fake.chooseTenant.mockReturnValue(answer.promise);
    const user = await open(askTenant({}, { tenantId: "demo1234" }));
    await user.dblClick(get("tenant-continue"));
    await user.type(get("tenant-id"), "{Enter}");
    expect(fake.chooseTenant).toHaveBeenCalledTimes(1);
    expect(get("tenant-continue").getAttribute("aria-busy")).toBe("true");
    answer.resolve();
    await rest();
    expect(get("tenant-continue").getAttribute("aria-busy")).toBe("false");
  });

  it.each([
    ["tenantId", "tenant-id"],
    ["apiUrl", "api-url"],
    ["domain", "domain"],
  ] as const)("marks and focuses the field of %s, and unmarks it when it is edited", async (code, field) => {
    fake.chooseTenant.mockRejectedValue(errors[code]);
    const user = await open(askTenant({}, { tenantId: "demo1234" }));
    expect(advanced().open).toBe(false);
    await user.click(get("tenant-continue"));
    await rest();
    expect(focused()).toBe(field);
    expect(advanced().open).toBe(code !== "tenantId");
    expect(get(field).getAttribute("aria-invalid")).toBe("true");
    const about = get(field).getAttribute("aria-describedby")?.split(" ") ?? [];
    expect(about.map((id) => document.getElementById(id)?.textContent).join()).toContain(
      errorText(errors[code]),
    );
    expect(all("error")).toHaveLength(1);

    await user.keyboard("x");
    await rest();
    expect(find("error")).toBeNull();
    expect(get(field).getAttribute("aria-invalid")).toBeNull();
  });

  it("offers to try again when it failed, and does the same once more", async () => {
    fake.chooseTenant.mockRejectedValueOnce(errors.failed);
    const user = await open(askTenant({}, { tenantId: "demo1234" }));
    await user.click(get("tenant-continue"));
    await rest();
    expect(get("error").textContent).toContain("refused (os error 111)");
    await user.click(get("retry"));
    await rest();
    expect(fake.chooseTenant).toHaveBeenCalledTimes(2);
    expect(fake.chooseTenant.mock.calls[0]).toEqual(fake.chooseTenant.mock.calls[1]);
    expect(find("error")).toBeNull();
  });

  it("asks for the ID instead of sending none", async () => {
    const user = await open(askTenant());
    await user.keyboard("{Enter}");
    await rest();
    expect(fake.chooseTenant).not.toHaveBeenCalled();
    expect(focused()).toBe("tenant-id");
    expect(about("tenant-id")).toContain("Type your tenant's ID, then continue.");
  });

  it("waits as long as the server wants", async () => {
    fake.chooseTenant.mockRejectedValue(errors.tooMany);
    const user = await open(askTenant({}, { tenantId: "demo1234" }));
    await user.click(get("tenant-continue"));
    await rest();
    expect(text("tenant-continue")).toMatch(/^Wait 1:1\d$/);
    await user.click(get("tenant-continue"));
    await user.type(get("tenant-id"), "{Enter}");
    expect(fake.chooseTenant).toHaveBeenCalledTimes(1);
  });

  it("says that something inside went wrong when the bridge itself fails", async () => {
    fake.chooseTenant.mockRejectedValue("Command choose_tenant not allowed");
    const user = await open(askTenant({}, { tenantId: "demo1234" }));
    await user.click(get("tenant-continue"));
    await rest();
    expect(get("error").textContent).toContain("Something went wrong inside this app.");
    expect(get("error").textContent).toContain("Command choose_tenant not allowed");
  });
});

describe("the ways in", () => {
  it("names each factor of the tenant once, those with a password in the form's label", async () => {
    const user = await open(askPassword());
    const factors = all("first-factor").map((it) => `${it.dataset.strategy}/${it.dataset.channel}`);
    expect(factors).toEqual([
      "password/email",
      "link/email",
      "verificationCode/email",
      "verificationCode/sms",
      "totp/authenticator",
    ]);
    expect(screen.getByLabelText("E-mail or user name")).toBe(get("email-or-username"));
    await user.click(all("first-factor")[1] as HTMLElement);
    expect(fake.chooseFactor.mock.calls).toEqual([["link", "email", null]]);
  });

  it("has one form and one button for passwords, whatever the tenant calls them", async () => {
    const firstFactors = [
      factor("password", "email"),
      factor("password", "username"),
      factor("link", "email"),
    ];
    await open(askStep(first("password", "username"), { firstFactors }));
    expect(screen.getByLabelText("E-mail or user name")).toBe(get("email-or-username"));
    expect(all("first-factor").filter((it) => it.tagName === "BUTTON")).toHaveLength(1);
    await become(askStep(first("link", "email"), { firstFactors }));
    const buttons = all("first-factor").filter((it) => it.tagName === "BUTTON");
    expect(buttons.map((it) => it.textContent?.trim())).toEqual(["Password"]);
  });

  it("shows a factor that it does not know as off, and says so without an error", async () => {
    const firstFactors = everyFactor.slice(-2);
    const user = await open(askStep(first("custom", "email"), { firstFactors }));
    const passkey = all("first-factor").find((it) => it.dataset.strategy === "passkey") as HTMLElement;
    expect(passkey.getAttribute("aria-disabled")).toBe("true");
    const why = document.getElementById(passkey.getAttribute("aria-describedby") ?? "")?.textContent;
    expect(why).toContain("This app does not know this way to log in");
    expect(why).toContain("passkey (device)");
    await user.click(passkey);
    expect(fake.chooseFactor).not.toHaveBeenCalled();
    expect(find("error")).toBeNull();
  });

  it("shows each factor once, whichever form is shown", async () => {
    for (const { strategy, channel, available } of everyFactor) {
      if (!available) continue;
      await open(askStep(first(strategy, channel), { firstFactors: everyFactor }));
      const shown = all("first-factor").map((it) => `${it.dataset.strategy}/${it.dataset.channel}`);
      expect(shown.toSorted()).toEqual(everyFactor.map((it) => `${it.strategy}/${it.channel}`).toSorted());
      cleanup();
    }
  });

  it("keeps the tenant's order", async () => {
    await open(askStep(first("google", "email"), { firstFactors: everyFactor }));
    const others = all("first-factor")
      .filter((it) => it.tagName === "BUTTON")
      .map((it) => it.dataset.strategy);
    expect(others).toEqual(everyFactor.map((it) => it.strategy).filter((strategy) => strategy !== "google"));
  });

  it("shows no password form to a tenant without passwords", async () => {
    await open(
      askPassword(
        {},
        { firstFactors: [{ strategy: "google", channel: "google", providerId: null, available: false }] },
      ),
    );
    expect(find("password")).toBeNull();
    expect(screen.getByRole("button", { name: "Google" })).toBe(get("first-factor"));
  });

  it("does not send a password to a factor that this app cannot use", async () => {
    await open(
      askPassword(
        {},
        { firstFactors: [{ strategy: "password", channel: "email", providerId: null, available: false }] },
      ),
    );
    expect(find("password")).toBeNull();
    expect(all("first-factor")).toHaveLength(1);
  });

  it("always shows an API host that is not Userfront's, and names the password field by it", async () => {
    await open(askPassword({}, { foreignHost: "login.acme.example" }));
    expect(get("foreign-host").textContent).toContain("login.acme.example");
    expect(get("password").getAttribute("aria-describedby")).toBe(get("foreign-host").id);
    expect(get("foreign-host").compareDocumentPosition(get("password"))).toBe(
      Node.DOCUMENT_POSITION_FOLLOWING,
    );
  });

  it("says that it is test mode, and only then", async () => {
    await open(askPassword());
    expect(get("test-mode").textContent).toContain("Test mode");
    await become(askPassword({}, { mode: "live" }));
    expect(find("test-mode")).toBeNull();
  });

  it("changes the tenant on demand", async () => {
    const user = await open(askPassword());
    await user.click(get("change-tenant"));
    expect(fake.changeTenant).toHaveBeenCalledTimes(1);
    await become(askTenant({}, { tenantId: "demo1234" }));
    expect(value("tenant-id")).toBe("demo1234");
    expect(focused()).toBe("tenant-id");
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

describe("a tenant that has not said how to log in", () => {
  const unasked = (change = {}) =>
    askStep(first("", ""), { hasAnswered: false, firstFactors: [] }, { accounts: many, ...change });

  it("is being asked, or can be asked again, with what it was asked before", async () => {
    const user = await open(unasked({ inProgress: [{ kind: "choosingTenant" }] }));
    expect(text("login-view")).toContain("Log in to Demo Workspace");
    expect(text("login-view")).toContain("Asking how to log in…");
    expect(find("ask-tenant")).toBeNull();
    await become(unasked());
    expect(text("login-view")).not.toContain("offers no way");
    fake.chooseTenant.mockRejectedValueOnce(errors.failed);
    await user.click(get("ask-tenant"));
    await rest();
    expect(find("ask-tenant"), "the error offers it").toBeNull();
    await user.click(get("retry"));
    const asked = ["demo1234", "https://api.userfront.com/v0/", ""];
    expect(fake.chooseTenant.mock.calls).toEqual([asked, asked]);
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

  it("leads to every account, where not all are named", async () => {
    const user = await open(askPassword({ accounts: many }));
    expect(all("continue-as")).toHaveLength(3);
    await user.click(get("all-accounts"));
    expect(fake.showAccounts).toHaveBeenCalledTimes(1);
  });

  it("continues as somebody who is logged in", async () => {
    const user = await open(
      askPassword({ accounts: [account(), account({ id: "mira", name: "Mira Ölund" })] }),
    );
    const links = all("continue-as");
    expect(links.map((it) => it.textContent)).toEqual(["Admin User", "Mira Ölund"]);
    await user.click(links[1] as HTMLElement);
    expect(fake.switchAccount.mock.calls).toEqual([["mira"]]);
  });
});
