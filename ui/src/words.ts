// Words for what the snapshot holds.

import type { Health } from "./bindings/Health";
import type { LogInStep } from "./bindings/LogInStep";
import type { Notice } from "./bindings/Notice";
import type { SignUpWay } from "./bindings/SignUpWay";
import type { UnfinishedVerb } from "./bindings/UnfinishedVerb";
import type { Work } from "./bindings/Work";
import { causeWords } from "./errors";
import { type Factor, type OneFactor, providerOf, providers } from "./factor";
import { say } from "./sentences";
import { duration } from "./time";

const factors: Record<string, string> = {
  "password/email": "Password",
  "password/username": "Password",
  "link/email": "E-mail me a link",
  "verificationCode/email": "E-mail me a code",
  "verificationCode/sms": "Text me a code",
  "totp/authenticator": "Authenticator app",
};

const sentence = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);

/** What a provider is called in a sentence: "Google", "single sign-on". One that is not known is called as it calls itself. */
export const providerName = (provider: string): string =>
  Object.hasOwn(providers, provider) ? (providers[provider] ?? provider) : provider;

/** What the button of a factor says. */
export function factorLabel(factor: Factor | OneFactor): string {
  const { strategy, channel } = factor;
  const pair = `${strategy}/${channel}`;
  if (Object.hasOwn(factors, pair)) return factors[pair] ?? pair;
  return providerOf(factor) === undefined ? `${strategy} (${channel})` : sentence(factorProvider(factor));
}

/** The provider of a factor in a sentence. Of the tenant's own there may be several: each is called by its ID, too. */
export function factorProvider(factor: Factor | OneFactor): string {
  const provider = providerOf(factor) ?? factor.strategy;
  const id = "providerId" in factor ? factor.providerId : null;
  return provider === "custom" && id !== null ? `${providerName(provider)} (${id})` : providerName(provider);
}

/** The heading of a step; none where one chooses how to log in. */
export function stepTitle(step: LogInStep): string | undefined {
  switch (step.kind) {
    case "firstFactor":
      return undefined;
    case "signUp":
      return "Sign up";
    case "forgottenPassword":
      return "Forgotten your password?";
    case "newPassword":
      return "Choose a new password";
    case "linkSent":
      return "Check your e-mail";
    case "codeSent":
      return step.channel === "email" ? "Check your e-mail" : "Check your phone";
    case "browser":
      return "Go on in your browser";
    case "secondFactors":
      return "One more step";
    case "totp":
      return "Open your authenticator app";
    case "phone":
      return "Your phone number";
    case "setUpTotp":
      return "Set up an authenticator app";
  }
}

/** How a new user will log in, in a word or two. */
export const signUpWords: Record<SignUpWay, string> = {
  password: "Password",
  link: "E-mail link",
  emailCode: "E-mail code",
  smsCode: "Text message",
};

/** How this computer's clock differs from Userfront's: by so many seconds it is ahead, or behind where negative. */
export const clockWords = (ahead: number): string =>
  `When this computer last got tokens, its clock was ${duration(Math.abs(ahead))} ${ahead > 0 ? "ahead of" : "behind"} Userfront's.`;

/** How an account is, in a word or two. */
export const healthWords: Record<Health, string> = {
  ok: "Valid",
  expired: "Expired",
  signedOutByServer: "Ended",
  tokensMissing: "Sign-in missing",
  ended: "Session expired",
  loggingIn: "Logging in",
  loggingOut: "Logging out",
};

/** How an account is whose log-in or log-out could not be finished yet. */
export const unfinishedWords: Record<UnfinishedVerb, string> = {
  logIn: "Waiting to be undone",
  logOut: "Waiting to log out",
};

/** One or two letters of a tenant's name, for its mark. */
export function initials(name: string): string {
  const words = name.split(/[\s\-_.]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = words.slice(0, 2).map((word) => Array.from(word)[0] ?? "");
  return letters.join("").toUpperCase();
}

/** "a", "a or b", "a, b or c". */
export const either = new Intl.ListFormat("en-GB", { type: "disjunction" });

/** "a", "a and b", "a, b and c". */
export const both = new Intl.ListFormat("en-GB", { type: "conjunction" });

/** Whether something of a kind is being done. */
export const isAtWork = (inProgress: Work[], kind: Work["kind"]): boolean =>
  inProgress.some((work) => work.kind === kind);

/** What a notice says first, to those who see it and to those who hear it. */
export function noticeTitle(notice: Notice): string {
  switch (notice.kind) {
    case "loggedOut":
      return `Logged out of ${notice.accountName}${notice.session === "pending" ? " on this computer" : ""}.`;
    case "logInUnanswered":
      return say.logInUnanswered(notice.accountName, notice.tenantId);
    case "loggedOutOfSeveral":
      return say.loggedOutOfSeveral(notice.results);
    case "sessionRenewed":
      return say.sessionRenewed(notice.accountName);
    case "sessionOver":
      return say.sessionOver(notice.accountName);
    case "leftoversDeleted":
      return say.leftoversDeleted(notice.entries);
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
      return `The list of accounts was damaged and ${notice.fromLastGood ? "has been mended" : "is empty now"}.`;
  }
}

/** Where backup codes were saved. It is told beside them, and nowhere else. */
export const savedCodes = (notice: Notice | null): string | null =>
  notice?.kind === "backupCodesSaved" ? notice.path : null;
