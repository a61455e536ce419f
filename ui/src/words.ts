// Words for what the snapshot holds.

import type { FirstFactor } from "./bindings/FirstFactor";
import type { Health } from "./bindings/Health";
import type { KeyringStatus } from "./bindings/KeyringStatus";
import type { UnfinishedVerb } from "./bindings/UnfinishedVerb";

const providers: Record<string, string> = {
  apple: "Apple",
  azure: "Azure",
  facebook: "Facebook",
  github: "GitHub",
  google: "Google",
  linkedin: "LinkedIn",
  okta: "Okta",
  custom: "Single sign-on",
};

const factors: Record<string, string> = {
  "password/email": "E-mail and password",
  "password/username": "User name and password",
  "link/email": "E-mail me a link",
  "verificationCode/email": "E-mail me a code",
  "verificationCode/sms": "Text me a code",
  "totp/authenticator": "Authenticator app",
};

/** What the button of a first factor says. A provider may be named by the strategy or by the channel. */
export const factorLabel = ({ strategy, channel }: FirstFactor): string =>
  factors[`${strategy}/${channel}`] ?? providers[strategy] ?? providers[channel] ?? `${strategy} (${channel})`;

/** How an account is, in a word or two. */
export const healthWords: Record<Health, string> = {
  ok: "Valid",
  expired: "Expired",
  signedOutByServer: "Ended",
  tokensMissing: "No token",
  arriving: "Undoing",
  leaving: "Logging out",
};

/** How an account is whose log-in or log-out could not be finished yet. */
export const unfinishedWords: Record<UnfinishedVerb, string> = {
  logIn: "Waiting to be undone",
  logOut: "Waiting to log out",
};

/** How the keyring is, after its name. */
export const keyringWords: Record<KeyringStatus, string> = {
  ok: "unlocked",
  locked: "locked",
  unavailable: "out of reach",
  hung: "does not answer",
};

/** One or two letters of a tenant's name, for its mark. */
export function initials(name: string): string {
  const words = name.split(/[\s\-_.]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = words.slice(0, 2).map((word) => Array.from(word)[0] ?? "");
  return letters.join("").toUpperCase();
}

/** "a", "a or b", "a, b or c". */
export const either = new Intl.ListFormat("en-GB", { type: "disjunction" });
