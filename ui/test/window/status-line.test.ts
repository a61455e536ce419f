import { describe, expect, it } from "vitest";
import {
  account,
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
import { loggedOut } from "../../dev/states/log-out";
import { Narrator } from "../../src/state/narrate";
import { narrate } from "../support/narrate";

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
    const notice = loggedOut;
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
    const notice = { ...loggedOut, outcome };
    const pendingRevocations = outcome === "pending" ? [pending()] : [];
    expect(narrate(showAccount(), askPassword({ notice, pendingRevocations }), "")).toBe(words);
  });

  it("says that a session that is over has a token that still works, at once and when it is found", () => {
    const notice = loggedOut;
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
