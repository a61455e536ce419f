import { describe, expect, it } from "vitest";
import {
  account,
  arrived,
  askPassword,
  askStep,
  askTenant,
  first,
  keyring,
  pending,
  shot,
  showAccount,
  showAccounts,
  showActivity,
  unfinished,
} from "../../dev/states";
import { Narrator } from "../../src/state/narrate";
import { fake } from "../support/fake-ipc";
import { narrate } from "../support/narrate";
import { become, find, focused, get, open, rest, text } from "../support/window";

describe("a view that throws", () => {
  const broken = () => showAccount([account({ roles: null as never })]);

  it("is replaced by an error, and can be drawn again", async () => {
    const user = await open(broken());
    expect(text("error")).toContain("Something went wrong inside this app.");
    expect(text("error")).toContain("TypeError");
    expect(document.activeElement?.textContent).toBe("This view cannot be shown");
    await user.click(get("retry"));
    await rest();
    expect(get("broken-view")).toBeTruthy();
    await become(showAccount());
    await user.click(get("retry"));
    await rest();
    expect(get("account-view")).toBeTruthy();
    expect(find("broken-view")).toBeNull();
  });

  it("leaves the footer usable, and the next view whole", async () => {
    const user = await open(showAccount());
    await become(broken());
    expect(get("broken-view")).toBeTruthy();
    await user.click(get("show-settings"));
    expect(fake.showSettings).toHaveBeenCalledTimes(1);
    await become(shot({ view: { name: "settings" } }));
    expect(get("settings-view")).toBeTruthy();
    expect(find("broken-view")).toBeNull();
  });

  it("may be the dialog of a link; its error is shown in the view", async () => {
    await open(showAccount(undefined, { arrivedLink: { ...arrived(), purpose: "other" as never } }));
    expect(find("dialog")).toBeNull();
    expect(text("error")).toContain("TypeError");
    expect(get("account-view")).toBeTruthy();
  });
});

describe("starting", () => {
  it("listens before it asks for a snapshot", async () => {
    await open(askTenant());
    expect(fake.order).toEqual(["listen", "pull"]);
  });

  it("turns to Rust before it draws, so that the answer comes meanwhile", async () => {
    let drawn: boolean | undefined;
    fake.onSnapshot.mockImplementationOnce(async () => {
      drawn = find("starting-view") !== null;
      return () => {};
    });
    await open(askTenant());
    expect(drawn).toBe(false);
  });

  it("renders the highest revision, in any order of arrival", async () => {
    await open(askTenant({ revision: 5 }));
    fake.sendAsIs({ ...showAccount(), revision: 4, accountsRevision: 4 });
    await rest();
    expect(get("login-view")).toBeTruthy();
    fake.sendAsIs({ ...showAccount(), revision: 7, accountsRevision: 7 });
    await rest();
    fake.sendAsIs({ ...askTenant(), revision: 6, accountsRevision: 6 });
    await rest();
    expect(get("account-view")).toBeTruthy();
  });

  it("keeps the accounts that an event says are the same", async () => {
    await open({ ...showAccount(), revision: 5, accountsRevision: 3 });
    fake.sendAsIs({ ...showAccount(), accounts: [], revision: 6, accountsRevision: 3 });
    await rest();
    expect(get("account-view")).toBeTruthy();
    expect(fake.snapshot).toHaveBeenCalledTimes(1);
  });

  it("asks for accounts that it has missed", async () => {
    await open({ ...askTenant(), revision: 5, accountsRevision: 3 });
    fake.startWith({ ...showAccount(), revision: 8, accountsRevision: 6 });
    fake.sendAsIs({ ...showAccount(), accounts: [], revision: 7, accountsRevision: 6 });
    await rest();
    expect(get("account-view")).toBeTruthy();
    expect(fake.snapshot).toHaveBeenCalledTimes(1 + 1);
  });

  it("shows an error when it cannot get them, and asks again", async () => {
    const user = await open({ ...showAccount(), revision: 5, accountsRevision: 3 });
    fake.snapshot.mockRejectedValueOnce("gone");
    fake.sendAsIs({ ...askTenant(), revision: 7, accountsRevision: 6 });
    await rest();
    expect(get("account-view")).toBeTruthy();
    expect(text("error")).toContain("Something went wrong inside this app.");
    fake.startWith({ ...askTenant(), revision: 8, accountsRevision: 6 });
    await user.click(get("retry"));
    await rest();
    expect(get("login-view")).toBeTruthy();
    expect(find("error")).toBeNull();
  });

  it("needs them no longer once a whole snapshot comes", async () => {
    await open({ ...showAccount(), revision: 5, accountsRevision: 3 });
    fake.snapshot.mockRejectedValueOnce("gone");
    fake.sendAsIs({ ...showAccount(), revision: 7, accountsRevision: 6 });
    await rest();
    expect(find("error")).not.toBeNull();
    fake.sendAsIs({ ...showAccount(), revision: 8, accountsRevision: 8 });
    await rest();
    expect(find("error")).toBeNull();
  });

  it("prefers an event to the older snapshot that it asked for", async () => {
    fake.snapshot.mockImplementation(async () => {
      fake.sendAsIs({ ...showAccount(), revision: 2, accountsRevision: 2 });
      return askTenant({ revision: 1 });
    });
    const { render } = await import("@testing-library/svelte");
    const { default: App } = await import("../../src/App.svelte");
    render(App);
    await rest();
    expect(get("account-view")).toBeTruthy();
  });

  it("shows an error when Rust does not answer, and retries", async () => {
    fake.snapshot.mockRejectedValueOnce("gone");
    const { render } = await import("@testing-library/svelte");
    const { default: App } = await import("../../src/App.svelte");
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

describe("the network", () => {
  it("its return is told to Rust, but not at the start", async () => {
    fake.networkReturned.mockRejectedValue("gone");
    await open(askTenant());
    expect(fake.networkReturned).not.toHaveBeenCalled();
    window.dispatchEvent(new Event("online"));
    await rest();
    expect(fake.networkReturned).toHaveBeenCalledTimes(1);
    expect(find("error")).toBeNull();
  });
});

describe("the focus", () => {
  it("the focus follows the view: tenant, name or password, account heading, login view", async () => {
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

  it("stays while the view stays", async () => {
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

  it("says the work in progress", () => {
    expect(narrate(null, busy("restoring"), "")).toBe("Opening your accounts…");
    expect(narrate(null, busy("loggingIn"), "")).toBe("Logging in…");
    expect(narrate(null, busy("choosingTenant"), "")).toBe("Asking the tenant how to log in…");
    expect(narrate(null, busy("unlockingKeyring"), "")).toBe("Waiting for GNOME Keyring to be unlocked…");
  });

  it("says the result of the work", () => {
    expect(narrate(busy("loggingIn"), showAccount(), "Logging in…")).toBe("Logged in as Admin User.");
    expect(narrate(busy("unlockingKeyring"), shot(), "")).toBe("GNOME Keyring is unlocked.");
  });

  it("says nothing about work that failed; the error is shown", () => {
    expect(narrate(busy("loggingIn"), askPassword(), "Logging in…")).toBe("");
  });

  it("says that a log-out is done, even if its notice came before its end", () => {
    const notice = {
      kind: "loggedOut",
      accountName: "Admin User",
      outcome: "ended",
      acceptedUntil: null,
      unwritten: false,
      openInBrowser: null,
    } as const;
    const ending = askPassword({ notice, inProgress: [{ kind: "loggingOut", account: account().id }] });
    expect(narrate(showAccount(), ending, "")).toBe("Logging out…");
    expect(narrate(ending, askPassword({ notice }), "Logging out…")).toBe("Logged out of Admin User.");
  });

  it("keeps saying it while a tenant that is shown is asked again how to log in", () => {
    const before = askPassword();
    const said = "Logged out of Admin User.";
    const asking = askPassword({ inProgress: [{ kind: "choosingTenant" }] });
    expect(narrate(before, asking, said)).toBe(said);
    expect(narrate(asking, before, said)).toBe(said);
  });

  it.each([
    ["ended", "Logged out of Admin User."],
    ["alreadyOver", "Logged out of Admin User. Userfront no longer accepts its tokens."],
    [
      "pending",
      "Logged out of Admin User on this computer. Userfront has not confirmed that the session is over.",
    ],
  ] as const)("says what is known of a session that is %s", (outcome, words) => {
    const notice = {
      kind: "loggedOut",
      accountName: "Admin User",
      outcome,
      acceptedUntil: null,
      unwritten: false,
      openInBrowser: null,
    } as const;
    const pendingRevocations = outcome === "pending" ? [pending()] : [];
    expect(narrate(showAccount(), askPassword({ notice, pendingRevocations }), "")).toBe(words);
  });

  it("says that a session that is over has a token that still works, at once and when it is found", () => {
    const notice = {
      kind: "loggedOut",
      accountName: "Admin User",
      outcome: "ended",
      acceptedUntil: null,
      unwritten: false,
      openInBrowser: null,
    } as const;
    const later = askPassword({ notice: { ...notice, outcome: "accepted", acceptedUntil: 1 } });
    const words =
      "Logged out of Admin User. The session is over. Userfront still accepts its access token for a while.";
    expect(narrate(showAccount(), later, "")).toBe(words);
    for (const outcome of ["ended", "alreadyOver"] as const) {
      expect(narrate(askPassword({ notice: { ...notice, outcome } }), later, "")).toBe(words);
    }
  });

  it("says the result of a retried revocation", () => {
    const asking = askPassword({
      pendingRevocations: [pending(), pending({ id: "p2", accountName: "Mira" })],
      inProgress: [{ kind: "revoking", pending: "p2" }],
    });
    expect(narrate(null, asking, "")).toBe("Asking Userfront to end the session of Mira…");
    const over = askPassword({ pendingRevocations: [pending()] });
    expect(narrate(asking, over, "")).toBe("The session of Mira is over.");
    const still = askPassword({ pendingRevocations: asking.pendingRevocations });
    expect(narrate(asking, still, "")).toBe("The session of Mira may still be alive at Userfront.");
  });

  it("says news that came during work as soon as the work ends", () => {
    const narrator = new Narrator();
    const row = pending({ accountName: "Admin User" });
    const asking = { inProgress: [{ kind: "revoking", pending: "p1" } as const] };
    const waiting = { kind: "loggedOut", accountName: "Admin User", outcome: "pending" } as const;
    const rest = { acceptedUntil: null, unwritten: false, openInBrowser: null };
    const shots = [
      askPassword({ ...asking, pendingRevocations: [row], notice: { ...waiting, ...rest } }),
      askPassword({ ...asking, notice: { ...waiting, ...rest, outcome: "ended" } }),
      askPassword({ notice: { ...waiting, ...rest, outcome: "ended" } }),
    ] as const;
    const said = shots.map((now, at) => narrator.next(shots[at - 1] ?? null, now));
    expect(said[0]).toBe("Asking Userfront to end the session of Admin User…");
    expect(said[2]).toBe("Logged out of Admin User.");
  });

  it("says a log-out although the login screen asks its tenant", () => {
    const narrator = new Narrator();
    const rest = { outcome: "ended", acceptedUntil: null, unwritten: false, openInBrowser: null } as const;
    const notice = { kind: "loggedOut", accountName: "Admin User", ...rest } as const;
    const asking = { notice, inProgress: [{ kind: "choosingTenant" } as const] };
    const shots = [
      showAccount(),
      askStep(first("", ""), { hasAnswered: false, firstFactors: [] }, asking),
      askPassword({ notice }),
    ] as const;
    const said = shots.map((now, at) => narrator.next(shots[at - 1] ?? null, now));
    expect(said.slice(1)).toEqual(["Logged out of Admin User.", "Logged out of Admin User."]);
  });

  it("keeps the latest news while unfinished work is tried again in the background", () => {
    const narrator = new Narrator();
    const waiting = {
      keyring: { ...keyring, status: "locked" as const },
      unfinished: [unfinished()],
    };
    const shots = [
      showAccount(),
      askTenant(waiting),
      askTenant({ ...waiting, inProgress: [{ kind: "restoring" }] }),
      askTenant(waiting),
    ] as const;
    const said = shots.map((now, at) => narrator.next(shots[at - 1] ?? null, now));
    const waits = "The log-out of Admin User waits for GNOME Keyring.";
    expect(said.slice(1)).toEqual([waits, waits, waits]);
  });

  it("does not call a discarded session ended", () => {
    const words = narrate(askPassword({ pendingRevocations: [pending()] }), askPassword(), "");
    expect(words).toBe("No session waits to be ended.");
  });

  it("says which accounts wait for the keyring, and which no longer do", () => {
    const locked = { ...keyring, status: "locked" } as const;
    const waiting = askTenant({ keyring: locked, unfinished: [unfinished()] });
    expect(narrate(showAccount(), waiting, "")).toBe("The log-out of Admin User waits for GNOME Keyring.");
    expect(narrate(waiting, waiting, "The line.")).toBe("The line.");
    expect(narrate(waiting, askTenant(), "")).toBe("The log-out of Admin User is no longer waiting.");
    const undoing = askTenant({ unfinished: [unfinished(account(), "logIn")] });
    expect(narrate(null, undoing, "")).toBe("The undoing of the log-in of Admin User is being finished.");
    const mira = unfinished(account({ id: "mira", name: "Mira" }));
    expect(narrate(null, askTenant({ keyring: locked, unfinished: [unfinished(), mira] }), "")).toBe(
      "2 accounts wait for GNOME Keyring.",
    );
  });

  it("names a new view once", () => {
    expect(narrate(showAccount(), showAccounts(), "")).toBe("Showing all accounts.");
    expect(narrate(showAccounts(), showActivity(), "")).toBe("Showing the activity.");
    expect(narrate(showActivity(), showActivity(), "The line.")).toBe("The line.");
  });

  it("keeps its sentence until something else happens", () => {
    const notice = { kind: "logInUndone", accountName: "Mira" } as const;
    expect(narrate(askTenant({ notice }), askTenant({ notice }), "The line.")).toBe("The line.");
  });
});
