// The form of a factor, and the ways to sign up that follow from a tenant's factors. A provider may be named
// by the strategy or by the channel of its factor.

import type { FirstFactor } from "../bindings/FirstFactor";
import type { SignUpWay } from "../bindings/SignUpWay";

export type Factor = Pick<FirstFactor, "strategy" | "channel">;

/** A factor with the ID of its custom provider, if it has one. */
export type OneFactor = Pick<FirstFactor, "strategy" | "channel" | "providerId">;

export type FactorKind = "password" | "link" | "emailCode" | "smsCode" | "totp" | "provider";

const PROVIDERS = [
  "apple",
  "azure",
  "facebook",
  "github",
  "google",
  "linkedin",
  "okta",
  "twitter",
  "custom",
] as const;

/** A provider of single sign-on. */
export type Provider = (typeof PROVIDERS)[number];

/** The provider that a factor names. */
export function providerOf({ strategy, channel }: Factor): Provider | undefined {
  return PROVIDERS.find((name) => name === strategy) ?? PROVIDERS.find((name) => name === channel);
}

/** The form of a factor; undefined if this window has none for it. */
export function factorKind(factor: Factor): FactorKind | undefined {
  const { strategy, channel } = factor;
  if (strategy === "password") return "password";
  if (strategy === "link" && channel === "email") return "link";
  if (strategy === "verificationCode" && channel === "email") return "emailCode";
  if (strategy === "verificationCode" && channel === "sms") return "smsCode";
  if (strategy === "totp") return "totp";
  return providerOf(factor) === undefined ? undefined : "provider";
}

/** Whether the factor can be used here. */
export const isUsable = (factor: FirstFactor): boolean =>
  factor.available && factorKind(factor) !== undefined;

const isSame = (one: OneFactor, other: OneFactor): boolean =>
  one.strategy === other.strategy && one.channel === other.channel && one.providerId === other.providerId;

/** The first factors that share the shown form: all password factors have one form. */
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

/** The ways to sign up: those by which the user can log in afterwards. */
export function signUpWays(factors: FirstFactor[]): SignUpWay[] {
  const kinds = new Set(factors.filter(isUsable).map(factorKind));
  return ways.filter(([kind]) => kinds.has(kind)).map(([, way]) => way);
}

/** The way to sign up that fits the shown factor. */
export function signUpWay(factors: FirstFactor[], shown: Factor): SignUpWay | undefined {
  const offered = signUpWays(factors);
  const [, fitting] = ways.find(([kind]) => kind === factorKind(shown)) ?? [];
  return fitting && offered.includes(fitting) ? fitting : offered[0];
}
