// The steps of a log-in after that: signing up, links, codes, the browser, second factors.

import type { LogInStep } from "../../src/bindings/LogInStep";
import type { SecondFactor } from "../../src/bindings/SecondFactor";
import type { Snapshot } from "../../src/bindings/Snapshot";
import type { TotpSetUp } from "../../src/bindings/TotpSetUp";
import { long } from "./accounts";
import { askStep, factor } from "./log-in";
import { now } from "./time";

export const linkSent = (
  change: Partial<Extract<LogInStep, { kind: "linkSent" }>> = {},
): Extract<LogInStep, { kind: "linkSent" }> => ({
  kind: "linkSent",
  purpose: "logIn",
  email: "mira@nordlicht.example",
  testLink: null,
  resendAt: now + 25,
  takenUntil: now + 15 * 60,
  ...change,
});

export const codeSent = (
  change: Partial<Extract<LogInStep, { kind: "codeSent" }>> = {},
): Extract<LogInStep, { kind: "codeSent" }> => ({
  kind: "codeSent",
  channel: "email",
  address: "mira@nordlicht.example",
  testCode: null,
  resendAt: now + 25,
  ...change,
});

export const inBrowser = (
  change: Partial<Extract<LogInStep, { kind: "browser" }>> = {},
): Extract<LogInStep, { kind: "browser" }> => ({
  kind: "browser",
  provider: "google",
  address:
    "https://api.userfront.com/v0/auth/google/login?tenant_id=demo1234&origin=http%3A%2F%2F127.0.0.1%3A41873",
  until: now + 5 * 60,
  wantsLink: false,
  ...change,
});

const testLink =
  "http://localhost:3000/login?uuid=a5c2f1d8-7d1b-4f8e-9a64-0d8c1f6e2b11&token=7f3c9ad2&type=login";
export const veryLong = `${"wolfeschlegelsteinhausenbergerdorff.".repeat(115)}@example.com`;

/** A picture of a grid, drawn here: what matters is that it is one. */
const qrCode =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAABkAAAAZAQAAAADskrjOAAAAe0lEQVR42mNgXHignqH2fnw9g+u0QCCxA0S0XgSKzb1fz8CYB5T9//X/fwazRWX/GbRkFv1n+FrU9Z/BSz4OyDqu+J9h8+Hu/wwL4v/9ZxDmyvrP8D1v23+G/zrlQL1FQKJ2xYr/DK7hIUBDv7cBWTNlgGLJ+UDZeRn/AcBUN/sZRistAAAAAElFTkSuQmCC";

export const totpSetUp: TotpSetUp = {
  secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
  qrCode,
  backupCodes: [
    "60bb6-9393a",
    "1dbbd-4a4c6",
    "8e2ae-3c1c6",
    "f1e5f-0b1a2",
    "0a7d4-c2f6e",
    "9b3e1-77f0d",
    "c4d8a-5e2b9",
    "3f6c0-a1d7e",
    "e8b2d-6904c",
    "57a9f-d3e81",
  ],
};

/** The second factors that a tenant may ask for. */
export const secondFactors: SecondFactor[] = [
  { strategy: "totp", channel: "authenticator", isSetUp: true, available: true },
  { strategy: "verificationCode", channel: "sms", isSetUp: false, available: true },
  { strategy: "verificationCode", channel: "email", isSetUp: true, available: true },
  { strategy: "passkey", channel: "device", isSetUp: false, available: false },
];

export const logInStepStates: Record<string, Snapshot> = {
  "sign-up": askStep({ kind: "signUp", way: "password" }),
  "sign-up-live": askStep(
    { kind: "signUp", way: "password" },
    {
      ...{ mode: "live", name: "Nordlicht Oy", tenantId: "nord5678" },
      firstFactors: [factor("password", "email")],
    },
  ),
  "sign-up-link": askStep({ kind: "signUp", way: "link" }),
  "sign-up-sms": askStep({ kind: "signUp", way: "smsCode" }, { foreignHost: "login.acme.example:8443" }),
  forgotten: askStep(
    { kind: "forgottenPassword" },
    { mode: "live", name: "Nordlicht Oy", tenantId: "nord5678" },
    {},
    "mira@nordlicht.example",
  ),
  "new-password": askStep({ kind: "newPassword" }),
  "new-password-live": askStep(
    { kind: "newPassword" },
    { mode: "live", name: "Nordlicht Oy", tenantId: "nord5678" },
  ),
  "link-sent": askStep(linkSent(), { mode: "live", name: "Nordlicht Oy", tenantId: "nord5678" }),
  "link-sent-replaceable": askStep(linkSent(), { mode: "live" }, { notice: { kind: "foreignReplaceable" } }),
  "link-sent-test": askStep(linkSent({ testLink })),
  "link-sent-late": askStep(linkSent({ resendAt: now - 900, takenUntil: now - 1 }), {
    mode: "live",
    name: "Nordlicht Oy",
    tenantId: "nord5678",
  }),
  "link-sent-sign-up": askStep(linkSent({ purpose: "signUp", email: "ليلى@مثال.example" }), {
    mode: "live",
    name: "Nordlicht Oy",
    tenantId: "nord5678",
  }),
  "link-sent-reset": askStep(linkSent({ purpose: "reset" }), {
    mode: "live",
    name: "Nordlicht Oy",
    tenantId: "nord5678",
  }),
  "link-sent-long": askStep(linkSent({ email: veryLong, testLink: testLink.repeat(40) }), {
    name: long.tenantName,
  }),
  "code-sent": askStep(codeSent(), { mode: "live", name: "Nordlicht Oy", tenantId: "nord5678" }),
  "code-sent-sms": askStep(codeSent({ channel: "sms", address: null, resendAt: now - 5 }), {
    mode: "live",
    name: "Nordlicht Oy",
    tenantId: "nord5678",
  }),
  "code-sent-test": askStep(codeSent({ channel: "sms", address: "+358 40 123 4567", testCode: "123456" })),
  "code-busy": askStep(
    codeSent(),
    { mode: "live", name: "Nordlicht Oy", tenantId: "nord5678" },
    { inProgress: [{ kind: "loggingIn" }] },
  ),
  browser: askStep(inBrowser()),
  "browser-link": askStep(inBrowser({ provider: "custom", wantsLink: true, until: null }), {
    mode: "live",
    name: "Nordlicht Oy",
    tenantId: "nord5678",
  }),
  "browser-late": askStep(inBrowser({ until: now - 1 })),
  "second-factors": askStep({ kind: "secondFactors", factors: secondFactors }),
  "second-factors-unknown": askStep({ kind: "secondFactors", factors: secondFactors.slice(3) }),
  totp: askStep({ kind: "totp" }),
  phone: askStep({ kind: "phone" }),
  "set-up-totp": askStep({ kind: "setUpTotp", totp: totpSetUp }),
  "set-up-totp-doubled": askStep({
    kind: "setUpTotp",
    totp: { ...totpSetUp, backupCodes: ["60bb6-9393a", "60bb6-9393a", "60bb6-9393a"] },
  }),
  "set-up-totp-plain": askStep(
    { kind: "setUpTotp", totp: { ...totpSetUp, qrCode: null } },
    { mode: "live", name: "Nordlicht Oy", tenantId: "nord5678" },
  ),
  "backup-codes-saved": askStep(
    { kind: "setUpTotp", totp: totpSetUp },
    {},
    {
      notice: { kind: "backupCodesSaved", path: "/home/admin/Downloads/userfront-backup-codes-demo1234.txt" },
    },
  ),
};
