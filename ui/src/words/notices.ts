// Words of the notices, and of the panels about pending revocations and keyring entries.

import type { ForeignRow } from "../bindings/ForeignRow";
import type { LogOutOutcome } from "../bindings/LogOutOutcome";
import type { LogOutResult } from "../bindings/LogOutResult";
import type { Notice } from "../bindings/Notice";
import type { PendingRevocation } from "../bindings/PendingRevocation";
import { causeWords } from "./causes";
import { countAccounts } from "./common";
import { errorText, tokensLater } from "./errors";
import { day, duration, inFull, moment, until } from "./time";

const are = (count: number): string => (count === 1 ? "is" : "are");

// Notices.
/** The result of one of several log-outs. */
export const outcomes: Record<LogOutOutcome, string> = {
  ended: "Logged out.",
  alreadyOver: "Logged out. Userfront no longer accepts this session’s tokens.",
  accepted: "Logged out. Userfront still accepts its access token for a while.",
  pending: "Logged out on this computer. Userfront has not confirmed it yet.",
  here: "Logged out on this computer.",
  lost: "Logged out on this computer. Its session may still be alive: there was no token to end it with.",
  stillPresent: "Logged out. A token is still in your keyring.",
  stillLoggedIn: "Still logged in.",
  waiting: "Not logged out yet. It happens as soon as the keyring can be used.",
  forgotten: "Not logged out: you removed it from this list. Its session may still be alive.",
};

export const resultWords = ({ outcome, why }: LogOutResult): string =>
  why === null ? outcomes[outcome] : `${outcomes[outcome]} ${errorText(why)}`;

/** The sum of several log-outs. */
export function loggedOutOfSeveral(results: LogOutResult[]): string {
  const count = (...of: LogOutOutcome[]): number =>
    results.filter(({ outcome }) => of.includes(outcome)).length;
  const unconfirmed = count("pending", "here", "lost");
  const left = count("stillLoggedIn");
  const done = results.length - unconfirmed - left;
  const of = done === results.length ? "" : `${done} of `;
  const parts = [`${of}${countAccounts(results.length)} logged out`];
  if (unconfirmed > 0) parts.push(`${unconfirmed} ${are(unconfirmed)} not confirmed`);
  if (left > 0) parts.push(`${left} ${are(left)} still logged in`);
  return `${parts.join("; ")}.`;
}

function logInUnanswered({
  accountName,
  tenantId,
  at,
}: Extract<Notice, { kind: "logInUnanswered" }>): string {
  const whose = accountName === null ? "" : ` of ${accountName}`;
  return (
    `An earlier log-in${whose} at ${tenantId} had no answer (${inFull(at)}). If it worked, Userfront has ` +
    "a session that is not known here: it ends by itself."
  );
}

export const sessionOver = (name: string): string => `The session of ${name} is over.`;
export const leftoversDeleted = (entries: number): string =>
  entries === 1 ? "The token is gone from your keyring." : "The tokens are gone from your keyring.";

/** The first sentence of a notice, shown and read out. */
export function noticeTitle(notice: Notice): string {
  switch (notice.kind) {
    case "loggedOut":
      return `Logged out of ${notice.accountName}${notice.outcome === "pending" ? " on this computer" : ""}.`;
    case "loggedOutOfSeveral":
      return loggedOutOfSeveral(notice.results);
    case "sessionRenewed":
      return `The session of ${notice.accountName} is renewed.`;
    case "tokenCopied":
      return (
        `Access token of ${notice.accountName} copied. The clipboard is cleared after ` +
        `${notice.seconds} s.`
      );
    case "sessionOver":
      return sessionOver(notice.accountName);
    case "leftoversDeleted":
      return leftoversDeleted(notice.entries);
    case "notLoggedOut":
      return `Not logged out of ${notice.accountName}.`;
    case "logInUndone":
      return `The interrupted log-in of ${notice.accountName} was undone.`;
    case "sessionLost":
      return `One session of ${notice.accountName} may still be alive at Userfront.`;
    case "logInFailed":
      return "That log-in did not take place.";
    case "warning":
      return notice.causes.map(causeWords).join(" ");
    case "logInUnanswered":
      return logInUnanswered(notice);
    case "foreignReplaceable":
      return "Your next log-in may replace the sign-in in your keyring.";
    case "activityExported":
      return "The activity was exported.";
    case "profileSaved":
      return `The details of ${notice.accountName} were saved.`;
    case "passwordChanged":
      return `The password of ${notice.accountName} was changed.`;
    case "addressChanged": {
      const what = notice.channel === "email" ? "e-mail address" : "phone number";
      return `The ${what} of ${notice.accountName} was changed.`;
    }
    case "totpIsSetUp":
      return `The authenticator app of ${notice.accountName} is set up.`;
    case "backupCodesSaved":
      return "The backup codes were saved.";
    case "samlInBrowser":
      return "Your browser goes on with the service provider.";
    case "registryMended":
      return notice.fromLastGood
        ? "The list of accounts was damaged and has been mended."
        : "The list of accounts was damaged and is empty now.";
  }
}

const endsOn = (at: number, now: number): string => `It ends by itself on ${day(at, now)}.`;
export const lostUntil = (at: number, now: number): string => `${outcomes.lost} ${endsOn(at, now)}`;

export const tokenIsSecret = "Until it expires, a program that has it can act as this user.";

/** The text below a notice's title. */
export function noticeMore(notice: Notice, now: number): string | undefined {
  switch (notice.kind) {
    case "loggedOut":
      return afterLogOut(notice, now);
    case "tokenCopied":
      return tokenIsSecret;
    case "notLoggedOut":
      return (
        "Userfront says that the session is over, and still accepts its tokens: they are in your keyring " +
        "again. Log out again once the list of accounts can be written."
      );
    case "logInUndone":
      return (
        "Its session is over, or being ended: then it is listed below until it is. Log in again when you " +
        "like."
      );
    case "sessionLost":
      return (
        "Its token is not in your keyring (a log-in was interrupted, or somebody removed it), so the " +
        `session cannot be ended from here. ${endsOn(notice.aliveUntil, now)}`
      );
    case "logInFailed":
      return errorText(notice.error);
    case "foreignReplaceable":
      return "Log in within 15 minutes. A link or code works only once: ask for a new one.";
    case "profileSaved":
      return notice.tokensLater === null ? "Userfront has them now." : tokensLater(notice.tokensLater);
    case "passwordChanged":
      return "Use the new one from the next log-in on.";
    case "totpIsSetUp":
      return (
        "Its codes can be used from the next log-in on. Keep the backup codes for when the app is out of " +
        "reach."
      );
    case "samlInBrowser":
      return "If no browser has opened, copy this address and open it yourself. It serves once.";
    case "registryMended":
      if (notice.fromLastGood)
        return "It comes from its last good copy; what changed since then may be missing.";
      return (
        "There was no good copy of it. Any sign-in that is still in your keyring is listed below: use it " +
        "here, or log out of it."
      );
    default:
      return undefined;
  }
}

function afterLogOut(notice: Extract<Notice, { kind: "loggedOut" }>, now: number): string {
  if (notice.acceptedUntil !== null) {
    return (
      "The session is over and cannot be renewed, and its tokens are deleted here. Userfront still " +
      `accepts its access token until ${day(notice.acceptedUntil, now)}.`
    );
  }
  if (notice.outcome === "alreadyOver") {
    return "Userfront no longer accepts this session’s tokens, and they are deleted here.";
  }
  if (notice.outcome === "ended") return "The session ended at Userfront, and its tokens are deleted here.";
  return "Userfront has not confirmed that the session is over; see below.";
}

export const listNotWritten =
  "The list of accounts could not be written. The account is removed from it as soon as that works.";
export const openInBrowser = "Open {address} in your browser";
export const eachResult = "What each came to";
export const addressIsNow = "It is {address} now.";
export const damagedFileIs = "The damaged file is kept as {file}.";
export const keepsDeleted = (keyring: string): string =>
  `${keyring} keeps deleted entries in its recycle bin. Empty it there.`;
export const closing = "Finishing this first. The window then closes by itself.";
/** `name`: of the only one, if it may be shown. */
export const logOutUnderWay = (count: number, name: string | undefined): string => {
  if (count > 1) return `The log-outs of ${countAccounts(count)} are not finished.`;
  return name === undefined ? "A log-out is not finished." : `The log-out of ${name} is not finished.`;
};
export const quitsAfterwards = "Userfront Accounts quits as soon as that is done.";
export const quitLeavesBehind =
  "If you quit now, the session may stay alive at Userfront and its tokens stay in your keyring, until you " +
  "start this app again: it then finishes the log-out.";
export const queuedStayLoggedIn = (count: number): string =>
  count === 1
    ? "The turn of 1 account has not come yet. If you quit now, it stays logged in."
    : `The turn of ${countAccounts(count)} has not come yet. If you quit now, they stay logged in.`;
export const wait = "Wait";
export const quitAnyway = "Quit anyway";
export const listUnusable = "The list of accounts cannot be used.";

/** By how many seconds this computer's clock is ahead of Userfront's; negative if it is behind. */
export const clockDiffers = (ahead: number): string =>
  `When this computer last got tokens, its clock was ${duration(Math.abs(ahead))} ` +
  `${ahead > 0 ? "ahead of" : "behind"} Userfront's.`;
export const setClock =
  "If that is still so, codes of an authenticator app may be refused. Have your computer set its clock " +
  "by itself: that is in its settings, under date and time.";

// Pending revocations.
export const loggedOutHere = "Logged out on this computer. Userfront has not confirmed it yet.";
export const mayBeAlive = (sessions: number): string =>
  `${sessions === 1 ? "A session" : `${sessions} sessions`} may still be alive at Userfront.`;
export const keepRetrying = "We keep retrying while the app is open.";
export const since = "since {time}";
export const stillAccepted =
  "Userfront said that the session is over, but still accepted a token of it. Its tokens expire on {day}.";
export const endsByItself = "The session would end by itself on {day}.";
export const askingNow = "Asking Userfront now…";
export const tried = (tries: number): string =>
  tries === 0 ? "Not tried yet." : `Tried ${tries === 1 ? "once" : `${tries} times`}.`;
export function retrying(at: number, now: number): string {
  const when = until(at, now);
  return when === undefined ? "Retrying shortly." : `Retrying ${when}.`;
}
export const discardQuestion = "Stop trying to end this session?";
export const discardButton = "Discard…";
export const discardMeans =
  "Its token is deleted here, and without it nothing on this computer can end the session any more.";
export const acceptedUntil = "Userfront may go on accepting its tokens until {day}.";
export const aliveUntil = "It may stay alive at Userfront until {day}.";

const whose = ({ accountName, tenantId, since }: PendingRevocation, now: number): string =>
  `${accountName}, ${tenantId}, since ${moment(since, now)}`;
export const sessionOf = (row: PendingRevocation, now: number): string =>
  `It is the session of ${whose(row, now)}.`;
export const retrySessionOf = (row: PendingRevocation, now: number): string =>
  `Try again to end the session of ${whose(row, now)}`;
export const discardSessionOf = (row: PendingRevocation, now: number): string =>
  `Discard the session of ${whose(row, now)}…`;

// Leftover entries.
export const entryOfService = "{entry} of {service}";
export const tokensLeft = (count: number): string =>
  count === 1 ? "A token is still in the keyring." : `${count} tokens are still in the keyring.`;
export function notDeleted(count: number, mayAsk: boolean): string {
  const [entry, it] = count === 1 ? ["this entry", "it"] : ["these entries", "them"];
  const again = mayAsk
    ? "You can try again, or"
    : "This app tries again at its next start and when the keyring is unlocked, or you can";
  return `The keyring did not delete ${entry}. ${again} remove ${it} there yourself.`;
}
/** A keyring with a recycle bin asks before it deletes. */
export const mayAsk = (keyring: string, entries: number): string =>
  `${keyring} may ask in its own window whether to delete ${entries === 1 ? "it" : "them"}. Answer there, ` +
  "then try again.";
export const olderTokens = (count: number): string =>
  count === 1 ? "An older token is in the keyring." : `${count} older tokens are in the keyring.`;
export function olderTokensMean(count: number, keyring: string): string {
  const [it, sessions] = count === 1 ? ["it", "its session"] : ["them", "their sessions"];
  return (
    `An earlier version of this app stored ${it} under another service, and ${sessions} may be alive. ` +
    "To log out, set USERFRONT_ACCOUNTS_SERVICE to that service and USERFRONT_ACCOUNTS_HOME to an empty " +
    `folder, then start this app. Or remove ${it} in ${keyring}.`
  );
}
export const olderEntry = ({ entry, service }: { entry: string; service: string }): string =>
  `${entry} of ${service}`;

// Foreign entries.
/** "a sign-in", "3 entries": an entry of no known form is not called a sign-in. */
function countForeign(rows: ForeignRow[]): string {
  const known = rows.every((row) => row.tenantId !== null);
  if (rows.length === 1) return known ? "a sign-in" : "an entry";
  return `${rows.length} ${known ? "sign-ins" : "entries"}`;
}
export const foreignFound = (rows: ForeignRow[]): string =>
  `Your keyring holds ${countForeign(rows)} that ${are(rows.length)} not in this list.`;
export const foreignMeans = (count: number): string =>
  `Another data folder, another computer or an earlier list may use ${count === 1 ? "it" : "them"}. ` +
  "Nothing was changed.";
export const foreignLeft = (rows: ForeignRow[]): string => `You left ${countForeign(rows)} in the keyring`;
export const foreignUnknown = "An entry that does not say whose it is: {entry}";
export const foreignPlace = {
  live: "{tenant}, live mode, at {host}",
  test: "{tenant}, test mode, at {host}",
} as const;
export const foreignOlder = "An older session";
export const foreignUser = "User {id}";
export const leaveIt = "Leave it";
export const undo = "Undo";
export const useHere = "Use it here…";
export const logOutOfForeign = "Log out…";

export function whoseForeign({ entry, tenantId, userUuid, mode, host }: ForeignRow): string {
  if (tenantId === null) return entry;
  if (userUuid === null) return `an older session, ${tenantId}, ${entry}`;
  return `user ${userUuid}, ${tenantId}, ${mode} mode, ${host}`;
}
export const copyDetailOf = (row: ForeignRow): string => `Copy the technical detail of ${whoseForeign(row)}`;
export const foreignButtons = {
  undo: (row: ForeignRow): string => `Undo leaving ${whoseForeign(row)}`,
  takeOver: (row: ForeignRow): string => `Use it here: ${whoseForeign(row)}…`,
  logOut: (row: ForeignRow): string => `Log out of ${whoseForeign(row)}…`,
  leave: (row: ForeignRow): string => `Leave it: ${whoseForeign(row)}`,
};
export const foreignQuestions = {
  takeOver: {
    title: "Use this sign-in here?",
    yes: "Use it here",
    means: "Both copies then use one session, and this app replaces its tokens when it renews them.",
  },
  logOut: {
    title: "Log out of this sign-in?",
    yes: "Log out",
    means: "The session ends for every copy that uses it.",
  },
};
export const newerMayEnd = "The one that took its place may end with it.";
export const apiUrlAt = (host: string | null): string => `At ${host}, such as https://${host}/v0/.`;
export const knownDomainHint =
  "Only for live mode: the site that the tenant lists as live, such as example.com. Empty: the one known " +
  "here.";

export const replaceIt = "Replace it…";
export const replaceForeign = {
  title: "Replace the sign-in in the keyring?",
  yesNow: "Replace and log in",
  yesLater: "Replace at my next log-in",
  means: "Its session ends for every copy that uses it, and your new one takes its place.",
  logInSoon: "Log in once more within 15 minutes. A link or code works only once: ask for a new one.",
};
