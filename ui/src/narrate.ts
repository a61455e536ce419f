// The status line: one sentence, for those who hear the window rather than see it, and quiet for those who see it.

import { calledOf } from "./account";
import type { Notice } from "./bindings/Notice";
import type { PendingRevocation } from "./bindings/PendingRevocation";
import type { SessionAfterLogOut } from "./bindings/SessionAfterLogOut";
import type { Snapshot } from "./bindings/Snapshot";
import type { Unfinished } from "./bindings/Unfinished";
import type { View } from "./bindings/View";
import type { Work } from "./bindings/Work";
import { errorText, tokensLater } from "./errors";
import { say } from "./sentences";
import { stepKey } from "./step";
import { clockWords, noticeTitle, providerName, stepTitle } from "./words";

function nameOf(snapshot: Snapshot | null, account: string): string | undefined {
  const row = snapshot?.accounts.find(({ id }) => id === account);
  return row && calledOf(row);
}

const pendingOf = (snapshot: Snapshot | null, id: string): PendingRevocation | undefined =>
  snapshot?.pendingRevocations.find((row) => row.id === id);

function happening(work: Work, snapshot: Snapshot): string {
  switch (work.kind) {
    case "closing":
      return "Finishing this first. The window then closes by itself.";
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
    case "sending":
      return "Asking Userfront to send it…";
    case "refreshing": {
      const name = nameOf(snapshot, work.account);
      return name ? `Renewing the session of ${name}…` : "Renewing a session…";
    }
    case "editingProfile": {
      const name = nameOf(snapshot, work.account);
      return name ? `Asking Userfront about the details of ${name}…` : "Asking Userfront about an account…";
    }
    case "unlockingKeyring":
      return `Waiting for ${snapshot.keyring.name} to be unlocked…`;
    case "revoking": {
      const row = pendingOf(snapshot, work.pending);
      return row ? `Asking Userfront to end the session of ${row.accountName}…` : "Asking Userfront to end a session…";
    }
  }
}

const afterLogOut: Record<SessionAfterLogOut, string> = {
  ended: "",
  alreadyOver: " Userfront no longer accepts its tokens.",
  pending: " Userfront has not confirmed that the session is over.",
};

/** What is told of a notice beyond its title. */
function more(notice: Notice): string {
  switch (notice.kind) {
    case "loggedOut": {
      const session =
        notice.acceptedUntil === null
          ? afterLogOut[notice.session]
          : " The session is over. Userfront still accepts its access token for a while.";
      return notice.unwritten ? `${session} The list of accounts could not be written.` : session;
    }
    case "notLoggedOut":
      return " Userfront still accepts its tokens.";
    case "logInFailed":
      return ` ${errorText(notice.error)}`;
    case "foreignReplaceable":
      return " Log in within 15 minutes.";
    case "profileSaved":
      return notice.tokensLater === null ? "" : ` ${tokensLater(notice.tokensLater)}`;
    default:
      return "";
  }
}

const told = (notice: Notice): string =>
  "path" in notice ? `${noticeTitle(notice).slice(0, -1)} to ${notice.path}.` : noticeTitle(notice) + more(notice);

const was = (snapshot: Snapshot | null, kind: Work["kind"]): boolean =>
  snapshot?.inProgress.some((work) => work.kind === kind) ?? false;

/** Whether a log-out that was under way has taken its account away. */
const isLoggedOut = (before: Snapshot | null, now: Snapshot): boolean =>
  before?.inProgress.some((work) => work.kind === "loggingOut" && !nameOf(now, work.account)) ?? false;

/** What came of asking Userfront once more about a pending revocation. */
function aboutRevoking(before: Snapshot | null, now: Snapshot): string | undefined {
  const work = before?.inProgress.find((it) => it.kind === "revoking");
  const row = work && pendingOf(before, work.pending);
  if (!row) return undefined;
  return pendingOf(now, row.id)
    ? `The session of ${row.accountName} may still be alive at Userfront.`
    : say.sessionOver(row.accountName);
}

function aboutSessions(before: Snapshot | null, now: Snapshot): string | undefined {
  const { notice } = now;
  if (notice && JSON.stringify(notice) !== JSON.stringify(before?.notice ?? null)) return told(notice);
  const isOfLogOut = notice?.kind === "loggedOut" || notice?.kind === "loggedOutOfSeveral";
  if (isOfLogOut && isLoggedOut(before, now)) return told(notice);
  const asked = aboutRevoking(before, now);
  if (asked) return asked;
  const pending = now.pendingRevocations.length;
  if (pending > (before?.pendingRevocations.length ?? 0) || (pending > 0 && isLoggedOut(before, now))) {
    return say.mayBeAlive(pending);
  }
  if (before && before.pendingRevocations.length > 0 && pending === 0) {
    return "No session waits to be ended.";
  }
  return undefined;
}

/** Log-ins and log-outs that have come to wait, or wait no more. A row that is gone was finished or forgotten. */
function aboutUnfinished(before: Snapshot | null, now: Snapshot): string | undefined {
  const words = ({ verb, accountName }: Unfinished): string =>
    `The ${verb === "logOut" ? "log-out" : "undoing of the log-in"} of ${accountName}`;
  const isIn = (rows: Unfinished[], { account }: Unfinished): boolean => rows.some((row) => row.account === account);
  const [come, ...more] = now.unfinished.filter((row) => !isIn(before?.unfinished ?? [], row));
  if (come && now.keyring.status === "ok") return `${words(come)} is being finished.`;
  if (come && more.length > 0) return `${more.length + 1} accounts wait for ${now.keyring.name}.`;
  if (come) return `${words(come)} waits for ${now.keyring.name}.`;
  const gone = before?.unfinished.find((row) => !isIn(now.unfinished, row));
  return gone && `${words(gone)} is no longer waiting.`;
}

function aboutKeyring(before: Snapshot | null, now: Snapshot): string | undefined {
  const leftovers = before?.leftovers.length ?? 0;
  if (leftovers > 0 && now.leftovers.length === 0) return say.leftoversDeleted(leftovers);
  if (!was(before, "unlockingKeyring")) return undefined;
  if (now.keyring.status === "notAllowed") return `${now.keyring.name} has not allowed access to every entry.`;
  if (now.keyring.status === "noKeyring") return "There is still no keyring.";
  return now.keyring.status === "ok" ? `${now.keyring.name} is unlocked.` : `${now.keyring.name} is still locked.`;
}

const OVER = ["signedOutByServer", "tokensMissing", "ended"];

/** A session that has ended by itself. */
function aboutAccounts(before: Snapshot | null, now: Snapshot): string | undefined {
  for (const row of now.accounts) {
    const was = before?.accounts.find(({ id }) => id === row.id);
    if (was && OVER.includes(row.health) && !OVER.includes(was.health)) return say.sessionEnded(calledOf(row));
  }
  return undefined;
}

/** A sign-in has been found in the keyring that is not in this list. */
function aboutForeign(before: Snapshot | null, now: Snapshot): string | undefined {
  const asked = (snapshot: Snapshot | null): number => snapshot?.foreign.filter((row) => !row.isLeft).length ?? 0;
  return asked(now) > asked(before) ? "Your keyring holds a sign-in that is not in this list." : undefined;
}

function aboutClock(before: Snapshot | null, now: Snapshot): string | undefined {
  const said = now.clockAhead !== null && (before?.clockAhead ?? null) === null;
  return said ? clockWords(now.clockAhead ?? 0) : undefined;
}

const shown: Partial<Record<View["name"], string>> = {
  profile: "Showing the user's own details.",
  accounts: "Showing all accounts.",
  activity: "Showing the activity.",
  settings: "Showing the settings.",
};

function aboutView(before: Snapshot | null, now: Snapshot): string | undefined {
  if (now.view.name !== "account") return before?.view.name === now.view.name ? undefined : shown[now.view.name];
  const name = nameOf(now, now.view.id);
  if (!name) return undefined;
  if (was(before, "loggingIn")) return `Logged in as ${name}.`;
  const moved = before?.view.name !== "account" || before.view.id !== now.view.id;
  return moved ? `Showing ${name}.` : undefined;
}

/** What is asked now, when a log-in has come to another step. */
function aboutStep(before: Snapshot | null, now: Snapshot): string | undefined {
  if (now.view.name !== "login" || !now.view.tenant) return undefined;
  const { step } = now.view;
  // A tenant that has said by now how to log in has led nowhere.
  const was = before?.view.name === "login" && before.view.tenant?.hasAnswered ? before.view.step : undefined;
  const again = was?.kind === step.kind && "resendAt" in was && "resendAt" in step && was.resendAt !== step.resendAt;
  if (was && stepKey(was) === stepKey(step) && !again) return undefined;
  if (step.kind === "linkSent") {
    if (step.testLink !== null) return "No mail is sent in test mode: the link is shown here.";
    return `${again ? "Another link" : "A link"} was sent to ${step.email}.`;
  }
  if (step.kind === "codeSent") {
    if (step.testCode !== null) return "Nothing is sent in test mode: the code is shown here.";
    return `${again ? "Another code" : "A code"} was sent${step.address === null ? "" : ` to ${step.address}`}.`;
  }
  if (step.kind === "browser") return `Your browser shows ${providerName(step.provider)}.`;
  // The first step says itself what it is.
  const title = stepTitle(step) ?? "";
  return was && (/\w$/.test(title) ? `${title}.` : title);
}

/** What is being done. */
function doing(now: Snapshot): string | undefined {
  // A login screen that waits for its tenant says so itself; what led there is what is to be heard.
  const waits = now.view.name === "login" && now.view.tenant?.hasAnswered === false;
  const work = now.inProgress.find(({ kind }) => !(waits && kind === "choosingTenant"));
  const leaving = now.inProgress.filter(({ kind }) => kind === "loggingOut").length;
  if (leaving > 1) return say.loggingOutOfSeveral(leaving);
  return work && happening(work, now);
}

/** What just happened. */
const happened = (before: Snapshot | null, now: Snapshot): string | undefined =>
  aboutSessions(before, now) ??
  aboutUnfinished(before, now) ??
  aboutKeyring(before, now) ??
  aboutAccounts(before, now) ??
  aboutView(before, now) ??
  aboutStep(before, now) ??
  aboutForeign(before, now) ??
  aboutClock(before, now);

/** The status line: what is being done, else what just happened, else what it said unless that is over. */
export class Narrator {
  /** What it says. */
  said = "";
  /** What happened while something was being done: that is said as soon as it is done. */
  #unsaid: string | undefined;

  next(before: Snapshot | null, now: Snapshot): string {
    const work = doing(now);
    this.#unsaid = happened(before, now) ?? this.#unsaid;
    this.said = work ?? this.#unsaid ?? (this.said.endsWith("…") ? "" : this.said);
    if (work === undefined) this.#unsaid = undefined;
    return this.said;
  }
}
