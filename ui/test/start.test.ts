import { describe, expect, it } from "vitest";
import { account, askPassword, askTenant, shot, showAccount } from "../dev/states";
import { narrate } from "../src/narrate";
import * as fake from "./fake-ipc";
import { become, find, focused, get, open, rest } from "./window";

describe("starting", () => {
  it("listens first and asks second", async () => {
    await open(askTenant());
    expect(fake.order).toEqual(["listen", "pull"]);
  });

  it("renders the highest revision, in whatever order they come", async () => {
    await open(askTenant({ revision: 5 }));
    fake.sendAsIs({ ...showAccount(), revision: 4 });
    await rest();
    expect(get("login-view")).toBeTruthy();
    fake.sendAsIs({ ...showAccount(), revision: 7 });
    await rest();
    fake.sendAsIs({ ...askTenant(), revision: 6 });
    await rest();
    expect(get("account-view")).toBeTruthy();
  });

  it("believes an event over the older snapshot that was asked for before it", async () => {
    fake.snapshot.mockImplementation(async () => {
      fake.sendAsIs({ ...showAccount(), revision: 2 });
      return askTenant({ revision: 1 });
    });
    const { render } = await import("@testing-library/svelte");
    const { default: App } = await import("../src/App.svelte");
    render(App);
    await rest();
    expect(get("account-view")).toBeTruthy();
  });

  it("says so when Rust does not answer, and tries again", async () => {
    fake.snapshot.mockRejectedValueOnce("gone");
    const { render } = await import("@testing-library/svelte");
    const { default: App } = await import("../src/App.svelte");
    render(App);
    await rest();
    expect(get("error").textContent).toContain("Something went wrong inside this app.");
    fake.startWith(askTenant());
    get("retry").click();
    await rest();
    expect(get("login-view")).toBeTruthy();
    expect(find("error")).toBeNull();
  });
});

describe("the focus", () => {
  it("follows the view: tenant, then name or password, then the account's heading, then the login view", async () => {
    await open(shot());
    await become(askTenant());
    expect(focused()).toBe("tenant-id");
    await become(askPassword({}, {}, ""));
    expect(focused()).toBe("email-or-username");
    await become(showAccount());
    expect(focused()).toBe("profile-name");
    await become(askPassword());
    expect(focused()).toBe("password");
  });

  it("stays where it is while the view stays the same", async () => {
    const user = await open(askPassword());
    await user.click(get("email-or-username"));
    await become(askPassword({ inProgress: [{ kind: "loggingIn" }] }));
    await become(askPassword());
    expect(focused()).toBe("email-or-username");
  });
});

describe("the status line", () => {
  const busy = (kind: "loggingIn" | "restoring" | "choosingTenant" | "unlockingKeyring") =>
    shot({ inProgress: [{ kind }] });

  it("says what is being done", () => {
    expect(narrate(null, busy("restoring"), "")).toBe("Opening your accounts…");
    expect(narrate(null, busy("loggingIn"), "")).toBe("Logging in…");
    expect(narrate(null, busy("choosingTenant"), "")).toBe("Asking the tenant how to log in…");
    expect(narrate(null, busy("unlockingKeyring"), "")).toBe("Waiting for GNOME Keyring to be unlocked…");
  });

  it("says what came of it", () => {
    expect(narrate(busy("loggingIn"), showAccount(), "Logging in…")).toBe("Logged in as Admin User.");
    expect(narrate(busy("unlockingKeyring"), shot(), "")).toBe("GNOME Keyring is unlocked.");
  });

  it("says nothing of work that came to nothing: the error speaks", () => {
    expect(narrate(busy("loggingIn"), askPassword(), "Logging in…")).toBe("");
  });

  it("says that a log-out is done also when its notice came before its end", () => {
    const notice = { kind: "loggedOut", accountName: "Admin User", wasAlreadyOver: true, openInBrowser: null } as const;
    const ending = askPassword({ notice, inProgress: [{ kind: "loggingOut", account: account().id }] });
    expect(narrate(showAccount(), ending, "")).toBe("Logging out…");
    expect(narrate(ending, askPassword({ notice }), "Logging out…")).toBe("Logged out of Admin User.");
  });

  it("keeps what it said until something else happens", () => {
    const notice = { kind: "logInUndone", accountName: "Mira" } as const;
    expect(narrate(askTenant({ notice }), askTenant({ notice }), "The line.")).toBe("The line.");
  });
});
