// The status line: one sentence about what happens, mainly for screen readers.

import type { PendingRevocation } from "../bindings/PendingRevocation";
import type { Snapshot } from "../bindings/Snapshot";
import type { Unfinished } from "../bindings/Unfinished";
import type { Work } from "../bindings/Work";
import { withoutRows } from "../model/log-out-results";
import { stepKey } from "../model/step";
import * as words from "../words";

function nameOf(snapshot: Snapshot | null, account: string): string | undefined {
  const row = snapshot?.accounts.find(({ id }) => id === account);
  return row && words.calledOf(row);
}

const pendingOf = (snapshot: Snapshot | null, id: string): PendingRevocation | undefined =>
  snapshot?.pendingRevocations.find((row) => row.id === id);

/** The account that some work is about. */
function accountOf(work: Work, snapshot: Snapshot): string | undefined {
  if ("account" in work) return nameOf(snapshot, work.account);
  return "pending" in work ? pendingOf(snapshot, work.pending)?.accountName : undefined;
}

const was = (snapshot: Snapshot | null, kind: Work["kind"]): boolean =>
  snapshot?.inProgress.some((work) => work.kind === kind) ?? false;

/** Whether a log-out has removed its account. */
const isLoggedOut = (before: Snapshot | null, now: Snapshot): boolean =>
  before?.inProgress.some((work) => work.kind === "loggingOut" && !nameOf(now, work.account)) ?? false;

/** The result of a retried revocation. */
function aboutRevoking(before: Snapshot | null, now: Snapshot): string | undefined {
  const work = before?.inProgress.find((it) => it.kind === "revoking");
  const row = work && pendingOf(before, work.pending);
  if (!row) return undefined;
  return pendingOf(now, row.id)
    ? words.sessionMayBeAlive(row.accountName)
    : words.sessionOver(row.accountName);
}

function aboutSessions(before: Snapshot | null, now: Snapshot): string | undefined {
  const { notice } = now.view.name === "logOutResults" ? withoutRows(now, now.view.results) : now;
  if (notice && JSON.stringify(notice) !== JSON.stringify(before?.notice ?? null))
    return words.noticeHeard(notice);
  // The page says what came of each session.
  if (now.view.name === "logOutResults") return undefined;
  const isOfLogOut = notice?.kind === "loggedOut" || notice?.kind === "loggedOutOfSeveral";
  if (isOfLogOut && isLoggedOut(before, now)) return words.noticeHeard(notice);
  const asked = aboutRevoking(before, now);
  if (asked) return asked;
  const pending = now.pendingRevocations.length;
  if (pending > (before?.pendingRevocations.length ?? 0) || (pending > 0 && isLoggedOut(before, now))) {
    return words.mayBeAlive(pending);
  }
  if (before && before.pendingRevocations.length > 0 && pending === 0) {
    return words.noSessionWaits;
  }
  return undefined;
}

/** What came of a log-out of several accounts. */
function aboutResults(before: Snapshot | null, now: Snapshot): string | undefined {
  const heard = ({ view }: Snapshot): string | undefined =>
    view.name === "logOutResults" && view.results.every(({ outcome }) => outcome !== null)
      ? words.resultsHeard(view.results)
      : undefined;
  const news = heard(now);
  return before && news === heard(before) ? undefined : news;
}

/** Unfinished log-ins and log-outs that have come or gone. */
function aboutUnfinished(before: Snapshot | null, now: Snapshot): string | undefined {
  const isIn = (rows: Unfinished[], { account }: Unfinished): boolean =>
    rows.some((row) => row.account === account);
  const [come, ...more] = now.unfinished.filter((row) => !isIn(before?.unfinished ?? [], row));
  if (come && now.keyring.status === "ok") return words.isBeingFinished(come);
  if (come && more.length > 0) return words.accountsWaitFor(more.length + 1, now.keyring.name);
  if (come) return words.waitsFor(come, now.keyring.name);
  const gone = before?.unfinished.find((row) => !isIn(now.unfinished, row));
  return gone && words.waitsNoLonger(gone);
}

function aboutKeyring(before: Snapshot | null, now: Snapshot): string | undefined {
  const leftovers = before?.leftovers.length ?? 0;
  if (leftovers > 0 && now.leftovers.length === 0) return words.leftoversDeleted(leftovers);
  if (!was(before, "unlockingKeyring")) return undefined;
  if (now.keyring.status === "notAllowed") return words.accessNotAllowed(now.keyring.name);
  if (now.keyring.status === "noKeyring") return words.stillNoKeyring;
  return (now.keyring.status === "ok" ? words.isUnlocked : words.isStillLocked)(now.keyring.name);
}

const OVER = ["signedOutByServer", "tokensMissing", "ended"];

/** A session that has ended by itself. */
function aboutAccounts(before: Snapshot | null, now: Snapshot): string | undefined {
  const rows = new Map(before?.accounts.map((row) => [row.id, row]));
  for (const row of now.accounts) {
    const was = rows.get(row.id);
    if (was && OVER.includes(row.health) && !OVER.includes(was.health))
      return words.sessionEnded(words.calledOf(row));
  }
  return undefined;
}

/** A sign-in has been found in the keyring that is not in this list. */
function aboutForeign(before: Snapshot | null, now: Snapshot): string | undefined {
  const asked = (snapshot: Snapshot | null): number =>
    snapshot?.foreign.filter((row) => !row.isLeft).length ?? 0;
  return asked(now) > asked(before) ? words.foreignHeard : undefined;
}

function aboutClock(before: Snapshot | null, now: Snapshot): string | undefined {
  const said = now.clockAhead !== null && (before?.clockAhead ?? null) === null;
  return said ? words.clockDiffers(now.clockAhead ?? 0) : undefined;
}

function aboutView(before: Snapshot | null, now: Snapshot): string | undefined {
  if (now.view.name !== "account")
    return before?.view.name === now.view.name ? undefined : words.showing[now.view.name];
  const name = nameOf(now, now.view.id);
  if (!name) return undefined;
  if (was(before, "loggingIn")) return words.loggedInAs(name);
  const moved = before?.view.name !== "account" || before.view.id !== now.view.id;
  return moved ? words.showingAccount(name) : undefined;
}

/** The new step of a log-in. */
function aboutStep(before: Snapshot | null, now: Snapshot): string | undefined {
  if (now.view.name !== "login" || !now.view.tenant) return undefined;
  const { step } = now.view;
  // The first answer of a tenant is not a new step.
  const was = before?.view.name === "login" && before.view.tenant?.hasAnswered ? before.view.step : undefined;
  const again =
    was?.kind === step.kind && "resendAt" in was && "resendAt" in step && was.resendAt !== step.resendAt;
  if (was && stepKey(was) === stepKey(step) && !again) return undefined;
  const heard = words.stepHeard(step, again);
  if (heard !== undefined) return heard;
  // The first step has no title; its form says enough.
  const title = words.stepTitle(step);
  return was && (title === undefined ? "" : words.ended(title));
}

/** The work in progress. */
function doing(now: Snapshot): string | undefined {
  // A login screen that waits for its tenant says so itself, and one that has its answer renews it in the
  // background. After the start, restoring is background work, too.
  const isChosen = now.view.name === "login" && now.view.tenant !== null;
  const isSilent = ({ kind }: Work): boolean =>
    kind === "choosingTenant" ? isChosen : kind === "restoring" && now.view.name !== "starting";
  const work = now.inProgress.find((it) => !isSilent(it));
  const leaving = now.inProgress.filter(({ kind }) => kind === "loggingOut").length;
  if (leaving > 1) return words.loggingOutOfSeveral(leaving);
  return work && words.workWords(work, now.keyring.name, accountOf(work, now));
}

/** The news between two snapshots. */
const happened = (before: Snapshot | null, now: Snapshot): string | undefined =>
  [aboutResults(before, now), aboutSessions(before, now)].filter(Boolean).join(" ") ||
  aboutOthers(before, now);

const aboutOthers = (before: Snapshot | null, now: Snapshot): string | undefined =>
  aboutUnfinished(before, now) ??
  aboutKeyring(before, now) ??
  aboutAccounts(before, now) ??
  aboutView(before, now) ??
  aboutStep(before, now) ??
  aboutForeign(before, now) ??
  aboutClock(before, now);

/** Says the work in progress, else the latest news. */
export class Narrator {
  said = "";
  /** News that came during work. It is said when the work ends. */
  #unsaid: string | undefined;

  next(before: Snapshot | null, now: Snapshot): string {
    const work = doing(now);
    if (now.view.name === "covered") {
      this.#unsaid = undefined;
      this.said = work ?? words.accountsHidden;
      return this.said;
    }
    // What is behind the cover is told as at the start.
    const known = before?.view.name === "covered" ? null : before;
    this.#unsaid = happened(known, now) ?? this.#unsaid;
    this.said = work ?? this.#unsaid ?? (this.said.endsWith("…") ? "" : this.said);
    if (work === undefined) this.#unsaid = undefined;
    return this.said;
  }
}
