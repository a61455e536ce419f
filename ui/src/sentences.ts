// The catalogue of sentences: each by its code, with what it speaks of as arguments. What is true now, then what to do.

import type { KeyringStatus } from "./bindings/KeyringStatus";
import type { LogOutOutcome } from "./bindings/LogOutOutcome";
import type { LogOutResult } from "./bindings/LogOutResult";

const are = (count: number): string => (count === 1 ? "is" : "are");
const accounts = (count: number): string => `${count} account${count === 1 ? "" : "s"}`;

/** What one of several log-outs came to. */
export const outcomes: Record<LogOutOutcome, string> = {
  ended: "Logged out.",
  alreadyOver: "Logged out. Userfront no longer accepts its tokens.",
  accepted: "Logged out. Userfront still accepts its access token for a while.",
  pending: "Logged out on this computer. Userfront has not confirmed it yet.",
  here: "Logged out on this computer.",
  lost: "Logged out on this computer. Its session may still be alive: there was no token to end it with.",
  stillPresent: "Logged out. A token is still in your keyring.",
  stillLoggedIn: "Still logged in.",
};

/** How the keyring is. */
export const keyrings: Record<KeyringStatus, string> = {
  ok: "Keyring unlocked",
  locked: "Keyring locked",
  notAllowed: "Keyring access not allowed",
  noKeyring: "No keyring yet",
  unavailable: "No keyring is running",
  hung: "Keyring does not answer",
};

/** What the user can have the keyring do about it. */
export const unlockWords: Record<KeyringStatus, string> = {
  ok: "Unlock",
  locked: "Unlock",
  notAllowed: "Allow access",
  noKeyring: "Create a keyring",
  unavailable: "Unlock",
  hung: "Unlock",
};

/** When a keyring can be used that cannot be used now. */
export function whenUsable(status: KeyringStatus | undefined): string {
  if (status === "locked") return "it is unlocked";
  return status === "notAllowed" ? "access is allowed" : "it is back";
}

/** How a log-out, or the undoing of a log-in, that was cut off goes on. */
export const unfinishedEnds: Record<KeyringStatus, { logOut: string; logIn: string }> = {
  ok: { logOut: "being finished", logIn: "being undone" },
  locked: { logOut: "unlock the keyring to finish", logIn: "unlock the keyring to undo it" },
  notAllowed: { logOut: "allow access to finish", logIn: "allow access to undo it" },
  noKeyring: { logOut: "waiting for the keyring to be back", logIn: "waiting for the keyring to be back" },
  hung: { logOut: "waiting for the keyring to answer", logIn: "waiting for the keyring to answer" },
  unavailable: { logOut: "waiting for the keyring to be back", logIn: "waiting for the keyring to be back" },
};

export const say = {
  /** What several log-outs came to, in sum. */
  loggedOutOfSeveral(results: LogOutResult[]): string {
    const count = (...of: LogOutOutcome[]): number => results.filter(({ outcome }) => of.includes(outcome)).length;
    const unconfirmed = count("pending", "here", "lost");
    const left = count("stillLoggedIn");
    const done = results.length - unconfirmed - left;
    const parts = [
      done === results.length ? `${accounts(done)} logged out` : `${done} of ${accounts(results.length)} logged out`,
    ];
    if (unconfirmed > 0) parts.push(`${unconfirmed} ${are(unconfirmed)} not confirmed`);
    if (left > 0) parts.push(`${left} ${are(left)} still logged in`);
    return `${parts.join("; ")}.`;
  },
  loggingOutOfSeveral: (count: number): string => `Logging out of ${accounts(count)}…`,
  logInUnanswered: (name: string | null, tenant: string): string =>
    `An earlier log-in${name === null ? "" : ` of ${name}`} at ${tenant} had no answer. If it worked, Userfront has a session that is not known here: it ends by itself. The activity says when this was.`,
  sessionOver: (name: string): string => `The session of ${name} is over.`,
  sessionEnded: (name: string): string => `The session of ${name} has ended.`,
  sessionRenewed: (name: string): string => `The session of ${name} is renewed.`,
  leftoversDeleted: (entries: number): string =>
    entries === 1 ? "The token is gone from your keyring." : "The tokens are gone from your keyring.",
  mayBeAlive: (sessions: number): string =>
    `${sessions === 1 ? "A session" : `${sessions} sessions`} may still be alive at Userfront.`,
  loggedOutHere: "Logged out on this computer. Userfront has not confirmed it yet.",
  keepRetrying: "We keep retrying while the app is open.",
  /** How often a pending revocation was tried, and when again. */
  tried: (tries: number): string =>
    tries === 0 ? "Not tried yet." : `Tried ${tries === 1 ? "once" : `${tries} times`}.`,
  retrying: (when: string): string => (when === "soon" ? "Retrying shortly." : `Retrying ${when}.`),
  stopTrying: "Stop trying to end this session?",
  goesTo: (what: string, several: boolean): string => `${what} ${several ? "go" : "goes"} to`,
  waitingForBrowser: "Waiting for your browser",
  timedOut: "Timed out. Go back and start again.",
  factorIsSetUp: "Ready to use",
  factorIsToBeSetUp: "Not set up yet. You will set it up now.",
  staysLoggedIn: "Stays logged in; renewed automatically.",
  userId: (id: number): string => `user ID ${id}`,
  confirmingReplacesSession: "Confirming replaces your current session with a new one.",
  savedTo: "Saved to",
  noChanges: "No changes to save",
  mailsResetLink: "We'll e-mail you a link to reset your password.",
};
