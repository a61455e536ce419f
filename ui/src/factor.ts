// What kind of form a factor has, and which ways to sign up follow from the ways in. A provider may be named by the strategy or
// by the channel of its factor.

import type { FirstFactor } from "./bindings/FirstFactor";
import type { SignUpWay } from "./bindings/SignUpWay";

/** A factor's two halves. */
export type Factor = Pick<FirstFactor, "strategy" | "channel">;

/** The same, and which of the tenant's own providers it is. */
export type OneFactor = Pick<FirstFactor, "strategy" | "channel" | "providerId">;

export type FactorKind = "password" | "link" | "emailCode" | "smsCode" | "totp" | "provider";

/** The providers of single sign-on, as they spell themselves. */
export const providers: Readonly<Record<string, string>> = {
  apple: "Apple",
  azure: "Azure",
  facebook: "Facebook",
  github: "GitHub",
  google: "Google",
  linkedin: "LinkedIn",
  okta: "Okta",
  twitter: "Twitter",
  custom: "single sign-on",
};

/** The provider that a factor names. */
export function providerOf({ strategy, channel }: Factor): string | undefined {
  return [strategy, channel].find((name) => Object.hasOwn(providers, name));
}

/** Nothing for a factor that this window has no form for. */
export function factorKind(factor: Factor): FactorKind | undefined {
  const { strategy, channel } = factor;
  if (strategy === "password") return "password";
  if (strategy === "link" && channel === "email") return "link";
  if (strategy === "verificationCode" && channel === "email") return "emailCode";
  if (strategy === "verificationCode" && channel === "sms") return "smsCode";
  if (strategy === "totp") return "totp";
  return providerOf(factor) === undefined ? undefined : "provider";
}

/** Whether one can log in with it here. */
export const isUsable = (factor: FirstFactor): boolean => factor.available && factorKind(factor) !== undefined;

const isSame = (one: OneFactor, other: OneFactor): boolean =>
  one.strategy === other.strategy && one.channel === other.channel && one.providerId === other.providerId;

/** The first factors whose form is shown: both kinds of password share one. */
export function shownFactors(factors: FirstFactor[], shown: OneFactor): FirstFactor[] {
  const usable = factors.filter(isUsable);
  if (factorKind(shown) === "password") return usable.filter((factor) => factorKind(factor) === "password");
  const found = usable.find((factor) => isSame(factor, shown));
  return found ? [found] : [];
}

const ways: [FactorKind, SignUpWay][] = [
  ["password", "password"],
  ["link", "link"],
  ["emailCode", "emailCode"],
  ["smsCode", "smsCode"],
];

/** How a new user may sign up: by any way that leads in afterwards. */
export function signUpWays(factors: FirstFactor[]): SignUpWay[] {
  const kinds = new Set(factors.filter(isUsable).map(factorKind));
  return ways.filter(([kind]) => kinds.has(kind)).map(([, way]) => way);
}

/** The way to sign up that goes with what is shown. */
export function signUpWay(factors: FirstFactor[], shown: Factor): SignUpWay | undefined {
  const offered = signUpWays(factors);
  const [, fitting] = ways.find(([kind]) => kind === factorKind(shown)) ?? [];
  return fitting && offered.includes(fitting) ? fitting : offered[0];
}
