// The status line: one sentence, for those who hear the window rather than see it, and quiet for those who see it.

import type { Notice } from "./bindings/Notice";
import type { Snapshot } from "./bindings/Snapshot";
import type { Work } from "./bindings/Work";

const nameOf = (snapshot: Snapshot | null, account: string): string | undefined =>
  snapshot?.accounts.find((row) => row.id === account)?.name;

function happening(work: Work, snapshot: Snapshot): string {
  switch (work.kind) {
    case "restoring":
      return "Opening your accounts…";
    case "choosingTenant":
      return "Asking the tenant how to log in…";
    case "loggingIn":
      return "Logging in…";
    case "loggingOut": {
      const name = nameOf(snapshot, work.account);
      return name ? `Logging out of ${name}…` : "Logging out…";
    }
    case "unlockingKeyring":
      return `Waiting for ${snapshot.keyring.name} to be unlocked…`;
  }
}

function told(notice: Notice): string {
  switch (notice.kind) {
    case "loggedOut":
      return `Logged out of ${notice.accountName}.`;
    case "logInUndone":
      return `The interrupted log-in of ${notice.accountName} was undone.`;
    case "sessionLost":
      return `One session of ${notice.accountName} is still alive at Userfront.`;
    case "registryMended":
      return "The list of accounts was damaged and has been mended.";
  }
}

const was = (snapshot: Snapshot | null, kind: Work["kind"]): boolean =>
  snapshot?.inProgress.some((work) => work.kind === kind) ?? false;

function happened(before: Snapshot | null, now: Snapshot): string | undefined {
  if (now.notice && JSON.stringify(now.notice) !== JSON.stringify(before?.notice)) return told(now.notice);
  if (now.pendingRevocations.length > (before?.pendingRevocations.length ?? 0)) {
    return "Logged out here. A session is still alive at Userfront.";
  }
  if (before && before.pendingRevocations.length > 0 && now.pendingRevocations.length === 0) {
    return "Every session that was still alive has ended.";
  }
  if (before && before.remnants.length > 0 && now.remnants.length === 0) return "Nothing is left in the keyring.";
  if (was(before, "unlockingKeyring")) {
    return now.keyring.status === "ok" ? `${now.keyring.name} is unlocked.` : `${now.keyring.name} is still locked.`;
  }
  if (now.view.name === "account" && (before?.view.name !== "account" || before.view.id !== now.view.id)) {
    const name = nameOf(now, now.view.id);
    if (!name) return undefined;
    return was(before, "loggingIn") ? `Logged in as ${name}.` : `This is ${name}.`;
  }
  return undefined;
}

/** What the status line says now: what is being done, else what just happened, else what it said unless that is over. */
export function narrate(before: Snapshot | null, now: Snapshot, said: string): string {
  const work = now.inProgress[0];
  if (work) return happening(work, now);
  return happened(before, now) ?? (said.endsWith("…") ? "" : said);
}
