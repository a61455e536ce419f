// Sentences of the status line.

import type { LogInStep } from "../bindings/LogInStep";
import type { Notice } from "../bindings/Notice";
import type { UnfinishedVerb } from "../bindings/UnfinishedVerb";
import type { View } from "../bindings/View";
import type { Work } from "../bindings/Work";
import { countAccounts } from "./common";
import { errorText, tokensLater } from "./errors";
import { providerName } from "./log-in";
import { closing, noticeTitle, tokenIsSecret } from "./notices";

/** The work in progress. `name` is the account's, if the work has one and it is known. */
export function workWords(work: Work, keyring: string, name: string | undefined): string {
  switch (work.kind) {
    case "closing":
    case "logOutsUnderWay":
      return closing;
    case "restoring":
      return "Opening your accounts…";
    case "choosingTenant":
      return "Asking the tenant how to log in…";
    case "loggingIn":
      return "Logging in…";
    case "loggingOut":
      return name ? `Logging out of ${name}…` : "Logging out…";
    case "sending":
      return "Asking Userfront to send it…";
    case "refreshing":
      return name ? `Renewing the session of ${name}…` : "Renewing a session…";
    case "editingProfile":
      return name ? `Asking Userfront about the details of ${name}…` : "Asking Userfront about an account…";
    case "unlockingKeyring":
      return `Waiting for ${keyring} to be unlocked…`;
    case "revoking":
      return name ? `Asking Userfront to end the session of ${name}…` : "Asking Userfront to end a session…";
  }
}

export const loggingOutOfSeveral = (count: number): string => `Logging out of ${countAccounts(count)}…`;

/** A notice, as it is read out. */
export function noticeHeard(notice: Notice): string {
  const title = noticeTitle(notice);
  switch (notice.kind) {
    case "activityExported":
      return `The activity was exported to ${notice.path}.`;
    case "backupCodesSaved":
      return `The backup codes were saved to ${notice.path}.`;
    case "loggedOut": {
      const after = [
        title,
        afterLogOut(notice),
        notice.unwritten ? "The list of accounts could not be written." : "",
      ];
      return after.filter(Boolean).join(" ");
    }
    case "tokenCopied":
      return `${title} ${tokenIsSecret}`;
    case "notLoggedOut":
      return `${title} Userfront still accepts its tokens.`;
    case "logInFailed":
      return `${title} ${errorText(notice.error)}`;
    case "foreignReplaceable":
      return `${title} Log in within 15 minutes.`;
    case "profileSaved":
      return notice.tokensLater === null ? title : `${title} ${tokensLater(notice.tokensLater)}`;
    default:
      return title;
  }
}

function afterLogOut({ acceptedUntil, outcome }: Extract<Notice, { kind: "loggedOut" }>): string {
  if (acceptedUntil !== null)
    return "The session is over. Userfront still accepts its access token for a while.";
  if (outcome === "alreadyOver") return "Userfront no longer accepts its tokens.";
  return outcome === "pending" ? "Userfront has not confirmed that the session is over." : "";
}

export const sessionMayBeAlive = (name: string): string =>
  `The session of ${name} may still be alive at Userfront.`;
export const sessionEnded = (name: string): string => `The session of ${name} has ended.`;
export const noSessionWaits = "No session waits to be ended.";

const unfinished: Record<UnfinishedVerb, string> = { logOut: "log-out", logIn: "undoing of the log-in" };
interface Unfinished {
  verb: UnfinishedVerb;
  accountName: string;
}
const the = ({ verb, accountName }: Unfinished): string => `The ${unfinished[verb]} of ${accountName}`;
export const isBeingFinished = (row: Unfinished): string => `${the(row)} is being finished.`;
export const waitsFor = (row: Unfinished, keyring: string): string => `${the(row)} waits for ${keyring}.`;
export const accountsWaitFor = (count: number, keyring: string): string =>
  `${count} accounts wait for ${keyring}.`;
export const waitsNoLonger = (row: Unfinished): string => `${the(row)} is no longer waiting.`;

export const accessNotAllowed = (keyring: string): string =>
  `${keyring} has not allowed access to every entry.`;
export const stillNoKeyring = "There is still no keyring.";
export const isUnlocked = (keyring: string): string => `${keyring} is unlocked.`;
export const isStillLocked = (keyring: string): string => `${keyring} is still locked.`;
export const foreignHeard = "Your keyring holds a sign-in that is not in this list.";

export const showing: Partial<Record<View["name"], string>> = {
  profile: "Showing the user's own details.",
  accounts: "Showing all accounts.",
  activity: "Showing the activity.",
  settings: "Showing the settings.",
};
export const showingAccount = (name: string): string => `Showing ${name}.`;
export const loggedInAs = (name: string): string => `Logged in as ${name}.`;

const to = (address: string | null): string => (address === null ? "" : ` to ${address}`);

/** A step of the log-in, as it is read out in place of its title. `again`: the same was sent before. */
export function stepHeard(step: LogInStep, again: boolean): string | undefined {
  switch (step.kind) {
    case "linkSent":
      if (step.testLink !== null) return "No mail is sent in test mode: the link is shown here.";
      return `${again ? "Another link" : "A link"} was sent to ${step.email}.`;
    case "codeSent":
      if (step.testCode !== null) return "Nothing is sent in test mode: the code is shown here.";
      return `${again ? "Another code" : "A code"} was sent${to(step.address)}.`;
    case "browser":
      return `Your browser shows ${providerName(step.provider)}.`;
    default:
      return undefined;
  }
}
