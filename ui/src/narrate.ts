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
      return notice.fromLastGood
        ? "The list of accounts was damaged and has been mended."
        : "The list of accounts was damaged and begins anew.";
  }
}

const was = (snapshot: Snapshot | null, kind: Work["kind"]): boolean =>
  snapshot?.inProgress.some((work) => work.kind === kind) ?? false;

/** Whether a log-out that was under way has taken its account away. */
const isLoggedOut = (before: Snapshot | null, now: Snapshot): boolean =>
  before?.inProgress.some((work) => work.kind === "loggingOut" && !nameOf(now, work.account)) ?? false;

function aboutSessions(before: Snapshot | null, now: Snapshot): string | undefined {
  const { notice } = now;
  if (notice && JSON.stringify(notice) !== JSON.stringify(before?.notice ?? null)) return told(notice);
  if (notice?.kind === "loggedOut" && isLoggedOut(before, now)) return told(notice);
  const pending = now.pendingRevocations.length;
  if (pending > (before?.pendingRevocations.length ?? 0) || (pending > 0 && isLoggedOut(before, now))) {
    return "An earlier session may still be alive at Userfront.";
  }
  if (before && before.pendingRevocations.length > 0 && pending === 0) {
    return "Every session that was still alive has ended.";
  }
  return undefined;
}

function aboutKeyring(before: Snapshot | null, now: Snapshot): string | undefined {
  if (before && before.remnants.length > 0 && now.remnants.length === 0) return "Nothing is left in the keyring.";
  if (!was(before, "unlockingKeyring")) return undefined;
  return now.keyring.status === "ok" ? `${now.keyring.name} is unlocked.` : `${now.keyring.name} is still locked.`;
}

function aboutView(before: Snapshot | null, now: Snapshot): string | undefined {
  if (now.view.name !== "account") return undefined;
  const name = nameOf(now, now.view.id);
  if (!name) return undefined;
  if (was(before, "loggingIn")) return `Logged in as ${name}.`;
  const moved = before?.view.name !== "account" || before.view.id !== now.view.id;
  return moved ? `Showing ${name}.` : undefined;
}

/** What the status line says now: what is being done, else what just happened, else what it said unless that is over. */
export function narrate(before: Snapshot | null, now: Snapshot, said: string): string {
  const work = now.inProgress[0];
  if (work) return happening(work, now);
  return (
    aboutSessions(before, now) ??
    aboutKeyring(before, now) ??
    aboutView(before, now) ??
    (said.endsWith("…") ? "" : said)
  );
}
