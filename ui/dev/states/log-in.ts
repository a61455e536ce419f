// Logging in as far as the first factor: choosing a tenant, and its forms.

import type { ChosenTenant } from "../../src/bindings/ChosenTenant";
import type { FirstFactor } from "../../src/bindings/FirstFactor";
import type { LogInStep } from "../../src/bindings/LogInStep";
import type { LoginForm } from "../../src/bindings/LoginForm";
import type { Snapshot } from "../../src/bindings/Snapshot";
import { layla, long, many } from "./accounts";
import { errorOf } from "./errors";
import { shot } from "./shot";
import { HOUR, now } from "./time";

export const form: LoginForm = {
  tenantId: "",
  apiUrl: "https://api.userfront.com/v0/",
  domain: "",
  emailOrUsername: "",
};

export const factor = (strategy: string, channel: string): FirstFactor => ({
  strategy,
  channel,
  providerId: null,
  available: true,
});

export const tenant = (change: Partial<ChosenTenant> = {}): ChosenTenant => ({
  tenantId: "demo1234",
  name: "Demo Workspace",
  foreignHost: null,
  mode: "test",
  hasAnswered: true,
  firstFactors: [
    factor("password", "email"),
    factor("link", "email"),
    factor("verificationCode", "email"),
    factor("verificationCode", "sms"),
    factor("totp", "authenticator"),
  ],
  ...change,
});

/** The first step of every log-in, with a factor. */
export const first = (
  strategy: string,
  channel: string,
  providerId: string | null = null,
): Extract<LogInStep, { kind: "firstFactor" }> => ({ kind: "firstFactor", strategy, channel, providerId });

const firstStep = first("password", "email");

/** The login view's first step. */
export const askTenant = (change: Partial<Snapshot> = {}, fill: Partial<LoginForm> = {}): Snapshot =>
  shot({
    view: { name: "login", tenant: null, form: { ...form, ...fill }, step: firstStep, canGoBack: false },
    ...change,
  });

/** The login view's second step. */
export const askPassword = (
  change: Partial<Snapshot> = {},
  of: Partial<ChosenTenant> = {},
  emailOrUsername = "admin@example.com",
  canGoBack = false,
): Snapshot =>
  shot({
    view: {
      name: "login",
      tenant: tenant(of),
      form: { ...form, tenantId: "demo1234", emailOrUsername },
      step: firstStep,
      canGoBack,
    },
    ...change,
  });

/** A step of the log-in to a tenant. */
export const askStep = (
  step: LogInStep,
  of: Partial<ChosenTenant> = {},
  change: Partial<Snapshot> = {},
  emailOrUsername = "",
): Snapshot =>
  shot({
    view: {
      name: "login",
      tenant: tenant(of),
      form: { ...form, tenantId: "demo1234", emailOrUsername },
      step,
      canGoBack: false,
    },
    ...change,
  });

/** Every first factor there is, with one that this app does not know. */
export const everyFactor: FirstFactor[] = [
  ...tenant().firstFactors,
  ...["apple", "azure", "facebook", "github", "google", "linkedin", "okta", "twitter"].map((name) =>
    factor(name, "email"),
  ),
  factor("custom", "email"),
  { ...factor("passkey", "device"), available: false },
];

export const logInStates: Record<string, Snapshot> = {
  tenant: askTenant(),
  "tenant-filled": askTenant(
    {},
    { tenantId: "demo1234", apiUrl: "http://127.0.0.1:4100/v0/", domain: "example.com" },
  ),
  "tenant-busy": askTenant({ inProgress: [{ kind: "choosingTenant" }] }, { tenantId: "demo1234" }),
  login: askPassword({}, {}, ""),
  "login-live": askPassword(
    {},
    { mode: "live", firstFactors: [factor("password", "email"), factor("google", "google")] },
  ),
  "login-foreign": askPassword({}, { name: null, foreignHost: "login.acme.example:8443" }),
  "login-busy": askPassword({ inProgress: [{ kind: "loggingIn" }] }),
  "login-back": askPassword({ accounts: many }, {}, "", true),
  "login-no-password": askStep(first("github", "github"), {
    firstFactors: [factor("link", "email"), factor("github", "github")],
  }),
  "login-unasked": askStep(first("", ""), { hasAnswered: false, firstFactors: [] }, { accounts: many }),
  "login-asking": askStep(
    first("", ""),
    { hasAnswered: false, firstFactors: [] },
    { inProgress: [{ kind: "choosingTenant" }] },
  ),
  "login-long": askPassword(
    { accounts: [long, layla] },
    { name: long.tenantName, foreignHost: `${"a".repeat(60)}.example` },
  ),
  "factors-every": askPassword({}, { firstFactors: everyFactor }, ""),
  "factors-unknown": askStep(first("", ""), {
    firstFactors: [{ ...factor("passkey", "device"), available: false }],
  }),
  "factors-none": askStep(first("", ""), { firstFactors: [] }),
  "factor-link": askStep(first("link", "email")),
  "factor-link-foreign": askStep(first("link", "email"), { foreignHost: "login.acme.example:8443" }),
  "factor-email-code": askStep(first("verificationCode", "email"), {}, {}, "mira@nordlicht.example"),
  "factor-sms-code": askStep(first("verificationCode", "sms"), {}, {}, "+358 40 123 4567"),
  "factor-totp": askStep(first("totp", "authenticator")),
  "factor-totp-known": askStep(first("totp", "authenticator"), {}, {}, "mira"),
  "factor-google": askStep(first("google", "email"), { firstFactors: everyFactor }),
  "factor-custom": askStep(first("custom", "email"), { firstFactors: everyFactor }),
  "factor-customs": askStep(first("custom", "custom", "umbrella"), {
    ...{ mode: "live", name: "Nordlicht Oy", tenantId: "nord5678" },
    firstFactors: ["acme", "umbrella", "initech"].map((providerId) => ({
      ...factor("custom", "custom"),
      providerId,
    })),
  }),
  "factor-sending": askStep(
    first("link", "email"),
    {},
    { inProgress: [{ kind: "sending" }] },
    "mira@nordlicht.example",
  ),
  "log-in-unanswered": askPassword({
    notice: { kind: "logInUnanswered", accountName: "Admin User", tenantId: "demo1234", at: now - 3 * HOUR },
  }),
  "log-in-failed": askPassword({
    notice: {
      kind: "logInFailed",
      error: errorOf("failed", { kind: "browserTimedOut" }),
    },
  }),
};
