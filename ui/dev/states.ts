// Every state that the window can be asked to show: for a designer to look at (`npm run dev`), and for the tests.

import type { AccountRow } from "../src/bindings/AccountRow";
import type { ActivityLine } from "../src/bindings/ActivityLine";
import type { ArrivedLink } from "../src/bindings/ArrivedLink";
import type { ChosenTenant } from "../src/bindings/ChosenTenant";
import type { FirstFactor } from "../src/bindings/FirstFactor";
import type { IpcError } from "../src/bindings/IpcError";
import type { Keyring } from "../src/bindings/Keyring";
import type { LogInStep } from "../src/bindings/LogInStep";
import type { LoginForm } from "../src/bindings/LoginForm";
import type { PendingRevocation } from "../src/bindings/PendingRevocation";
import type { SecondFactor } from "../src/bindings/SecondFactor";
import type { Snapshot } from "../src/bindings/Snapshot";
import type { TotpSetUp } from "../src/bindings/TotpSetUp";
import type { Unfinished } from "../src/bindings/Unfinished";
import type { UnfinishedVerb } from "../src/bindings/UnfinishedVerb";
import type { UserForm } from "../src/bindings/UserForm";

const HOUR = 3600;
const DAY = 24 * HOUR;
const now = Math.floor(Date.now() / 1000);

export const keyring: Keyring = { name: "GNOME Keyring", status: "ok", detail: null };

export const account = (change: Partial<AccountRow> = {}): AccountRow => ({
  id: "api.userfront.com/test/demo1234/99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001",
  name: "Admin User",
  initials: "AU",
  email: "admin@example.com",
  username: "admin",
  userId: 1,
  tenantId: "demo1234",
  tenantName: "Demo Workspace",
  apiHost: "api.userfront.com",
  mode: "test",
  roles: [
    { tenant: "Demo Workspace", roles: ["admin"] },
    { tenant: "Nordlicht Oy", roles: ["viewer"] },
  ],
  health: "ok",
  sessionEndsAt: now + 29 * DAY + HOUR,
  accessExpiresAt: now + 5 * DAY + HOUR,
  loggedInAt: now - 2 * DAY,
  hasPicture: false,
  keyringEntries: [
    "access.demo1234:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001@test.api.userfront.com",
    "refresh.demo1234:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001@test.api.userfront.com",
  ],
  ...change,
});

const mira = account({
  id: "mira",
  name: "Mira Ölund",
  initials: "MÖ",
  email: "mira@nordlicht.example",
  username: "mira",
  tenantId: "nord5678",
  tenantName: "Nordlicht Oy",
  mode: "live",
  roles: [{ tenant: "Nordlicht Oy", roles: ["owner", "billing"] }],
  hasPicture: true,
});
const support = account({
  id: "support",
  name: "Support",
  initials: "S",
  email: "support@nordlicht.example",
  tenantId: "nord5678",
  tenantName: "Nordlicht Oy",
  mode: "live",
  health: "expired",
  accessExpiresAt: now - 3 * HOUR,
});
const sakura = account({
  id: "sakura",
  name: "田中 さくら",
  initials: "田",
  email: null,
  username: "sakura",
  tenantId: "acme9012",
  tenantName: "Acme Japan",
  mode: "live",
  roles: [],
  health: "signedOutByServer",
});
const layla = account({
  id: "layla",
  name: "ليلى الحسن",
  initials: "لا",
  email: "layla@example.org",
  tenantName: "شركة المثال",
  roles: [{ tenant: "شركة المثال", roles: ["مدير", "viewer"] }],
});
const long = account({
  id: "long",
  name: "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh von und zu Unterwinterberg",
  initials: "WF",
  email: "wolfeschlegelsteinhausenbergerdorff.featherstonehaugh@a-very-long-subdomain.example.com",
  tenantName: "The Most Honourable Society for the Improvement of Very Long Organisation Names",
  roles: [
    {
      tenant: "The Most Honourable Society for the Improvement of Very Long Organisation Names",
      roles: ["admin", "billing", "keeper-of-the-longest-role-name-there-ever-was", "viewer", "editor", "owner"],
    },
  ],
});
const many = [account(), mira, support, sakura];

export const form: LoginForm = {
  tenantId: "",
  apiUrl: "https://api.userfront.com/v0/",
  domain: "",
  emailOrUsername: "",
};

const factor = (strategy: string, channel: string): FirstFactor => ({
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
  firstFactors: [
    factor("password", "email"),
    factor("password", "username"),
    factor("link", "email"),
    factor("verificationCode", "email"),
    factor("verificationCode", "sms"),
    factor("totp", "authenticator"),
  ],
  ...change,
});

/** One of `accounts`, waiting for the keyring. */
export const unfinished = (of: AccountRow = account(), verb: UnfinishedVerb = "logOut"): Unfinished => ({
  account: of.id,
  accountName: of.name,
  tenantId: of.tenantId,
  verb,
  keyringEntries: of.keyringEntries,
  sessionEndsAt: of.sessionEndsAt,
});

const line = (change: Partial<ActivityLine> = {}): ActivityLine => ({
  at: now - 300,
  accountName: "Admin User",
  tenantId: "demo1234",
  what: "Logged out",
  outcome: "The session ended at Userfront, and the tokens were deleted.",
  isBad: false,
  tokenHash: "9f86d081",
  by: "app",
  ...change,
});

/** Lines of every kind. */
export const lines: ActivityLine[] = [
  line(),
  line({
    at: now - 2 * HOUR,
    outcome: "Userfront did not answer; the session may still be alive.",
    isBad: true,
    by: "userfront",
  }),
  line({ at: now - DAY, what: "Logged in", outcome: "With a password.", tokenHash: null }),
  line({
    at: now - 3 * DAY,
    accountName: "ليلى الحسن",
    what: "Discarded a pending revocation",
    outcome: "The session may stay alive until it ends by itself.",
    isBad: true,
  }),
  line({
    at: now - 400 * DAY,
    accountName: "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh von und zu Unterwinterberg",
    tenantId: "t".repeat(64),
  }),
];

/** A pending revocation. */
export const pending = (change: Partial<PendingRevocation> = {}): PendingRevocation => ({
  id: "p1",
  accountName: "Admin User",
  tenantId: "demo1234",
  since: now - 40,
  sessionEndsAt: now + 29 * DAY,
  reason: "No answer from the server.",
  tries: 1,
  nextTry: now + 3 * 60 - 5,
  stillAnswersUntil: null,
  ...change,
});

/** A snapshot of nothing in particular, changed as told. */
export const shot = (change: Partial<Snapshot> = {}): Snapshot => ({
  revision: 1,
  view: { name: "starting" },
  accounts: [],
  keyring,
  inProgress: [],
  notice: null,
  unfinished: [],
  pendingRevocations: [],
  remnants: [],
  settings: { probe: false },
  arrivedLink: null,
  clockAhead: null,
  registryProblem: null,
  ...change,
});

/** The first step of every log-in: here with a password. */
const firstStep: LogInStep = { kind: "firstFactor", strategy: "password", channel: "email" };

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
  ...["apple", "azure", "facebook", "github", "google", "linkedin", "okta"].map((name) => factor(name, name)),
  factor("sso", "custom"),
  { ...factor("passkey", "device"), available: false },
];

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
  address: "https://api.userfront.com/v0/auth/google/login?tenant_id=demo1234&origin=http%3A%2F%2F127.0.0.1%3A41873",
  until: now + 5 * 60,
  wantsLink: false,
  ...change,
});

const testLink = "http://localhost:3000/login?uuid=a5c2f1d8-7d1b-4f8e-9a64-0d8c1f6e2b11&token=7f3c9ad2&type=login";
const veryLong = `${"wolfeschlegelsteinhausenbergerdorff.".repeat(115)}@example.com`;

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

/** What a tenant may ask for as the second proof. */
export const secondFactors: SecondFactor[] = [
  { strategy: "totp", channel: "authenticator", isSetUp: true, available: true },
  { strategy: "verificationCode", channel: "sms", isSetUp: false, available: true },
  { strategy: "verificationCode", channel: "email", isSetUp: true, available: true },
  { strategy: "passkey", channel: "device", isSetUp: false, available: false },
];

export const arrived = (change: Partial<ArrivedLink> = {}): ArrivedLink => ({
  purpose: "logIn",
  accountName: "Mira Ölund",
  tenantId: "nord5678",
  apiHost: "api.userfront.com",
  otherSite: null,
  ...change,
});

const first = (strategy: string, channel: string): LogInStep => ({ kind: "firstFactor", strategy, channel });

/** The account view, of the first account. */
export const showAccount = (accounts: AccountRow[] = [account()], change: Partial<Snapshot> = {}): Snapshot =>
  shot({ view: { name: "account", id: accounts[0]?.id ?? "" }, accounts, ...change });

/** The accounts view. */
export const showAccounts = (accounts: AccountRow[] = many, change: Partial<Snapshot> = {}): Snapshot =>
  shot({ view: { name: "accounts" }, accounts, ...change });

/** The activity view. */
export const showActivity = (
  of: ActivityLine[] = lines,
  change: Partial<Snapshot> = {},
  problem: string | null = null,
): Snapshot => shot({ view: { name: "activity", lines: of, problem }, accounts: many, ...change });

const leaving = account({ health: "leaving" });
const keyringOf = (status: Keyring["status"], detail: string | null = null): Keyring => ({
  ...keyring,
  status,
  detail,
});

const loggedOut = {
  kind: "loggedOut",
  accountName: "Admin User",
  session: "ended",
  openInBrowser: null,
} as const;

const entries = account().keyringEntries;

/** The user's own details. */
export const userForm = (change: Partial<UserForm> = {}): UserForm => ({
  name: "Admin User",
  username: "admin",
  image: "https://example.com/pictures/admin.png",
  email: "admin@example.com",
  phoneNumber: "+49 30 901820",
  data: '{\n  "team": "Demo",\n  "languages": [\n    "de",\n    "名"\n  ],\n  "beta": true\n}',
  ...change,
});

const noDetails = userForm({ name: "", username: "", image: "", email: "", phoneNumber: "", data: "{}" });

/** An authenticator app that is being set up. */
export const authenticator = (change: Partial<TotpSetUp> = {}): TotpSetUp => ({
  secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
  qrCode:
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAACUAAAAlAQAAAADt5R2uAAAAtklEQVR42mP4DwQ/GDDJD2LzD1QwfL92Pr6C4UvU6UAgGW12EUiGmgLJ75fL71cwfBDVcqgAqveqB6rnv/f7B8PXqKsvgSas2dhZwfAprJXpB8OXW3sSger/8Uz6wfBxM1/0D4ZPTukcPxh+2s06VcHwkSvU5gfDN6HawB8MP3Q8BH4wfP99pR1o5jeTf0AzJQ3tgHovHvoMtDfynjeQjPUrBZoZ26UKFL8bUwNUI/9XBpv7wSQAeOKCBTHUacsAAAAASUVORK5CYII=",
  backupCodes: Array.from({ length: 10 }, (_, index) => `${index}0bb6-9393${(index * 7) % 10}`),
  ...change,
});

/** *My account*, of the first account. */
export const showProfile = (
  user: UserForm | null = userForm(),
  change: Partial<Snapshot> = {},
  totp: TotpSetUp | null = null,
): Snapshot => {
  const accounts = change.accounts ?? [account()];
  return shot({ view: { name: "profile", id: accounts[0]?.id ?? "", user, totp }, accounts, ...change });
};

/** Every state by name. */
export const states: Record<string, Snapshot> = {
  starting: shot({ inProgress: [{ kind: "restoring" }] }),
  tenant: askTenant(),
  "tenant-filled": askTenant({}, { tenantId: "demo1234", apiUrl: "http://127.0.0.1:4100/v0/", domain: "example.com" }),
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
  "login-long": askPassword(
    { accounts: [long, layla] },
    { name: long.tenantName, foreignHost: `${"a".repeat(60)}.example` },
  ),
  "factors-every": askPassword({}, { firstFactors: everyFactor }, ""),
  "factors-unknown": askStep(first("", ""), { firstFactors: [{ ...factor("passkey", "device"), available: false }] }),
  "factors-none": askStep(first("", ""), { firstFactors: [] }),
  "factor-link": askStep(first("link", "email")),
  "factor-link-foreign": askStep(first("link", "email"), { foreignHost: "login.acme.example:8443" }),
  "factor-email-code": askStep(first("verificationCode", "email"), {}, {}, "mira@nordlicht.example"),
  "factor-sms-code": askStep(first("verificationCode", "sms"), {}, {}, "+358 40 123 4567"),
  "factor-totp": askStep(first("totp", "authenticator")),
  "factor-totp-known": askStep(first("totp", "authenticator"), {}, {}, "mira"),
  "factor-google": askStep(first("google", "google"), { firstFactors: everyFactor }),
  "factor-custom": askStep(first("sso", "custom"), { firstFactors: everyFactor }),
  "factor-sending": askStep(
    first("link", "email"),
    {},
    { inProgress: [{ kind: "sending" }] },
    "mira@nordlicht.example",
  ),
  "sign-up": askStep({ kind: "signUp", way: "password" }),
  "sign-up-live": askStep(
    { kind: "signUp", way: "password" },
    { ...{ mode: "live", name: "Nordlicht Oy", tenantId: "nord5678" }, firstFactors: [factor("password", "email")] },
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
  "new-password-live": askStep({ kind: "newPassword" }, { mode: "live", name: "Nordlicht Oy", tenantId: "nord5678" }),
  "link-sent": askStep(linkSent(), { mode: "live", name: "Nordlicht Oy", tenantId: "nord5678" }),
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
  "link-sent-long": askStep(linkSent({ email: veryLong, testLink: testLink.repeat(40) }), { name: long.tenantName }),
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
  "browser-link": askStep(inBrowser({ provider: "custom", wantsLink: true }), {
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
  "set-up-totp-plain": askStep(
    { kind: "setUpTotp", totp: { ...totpSetUp, qrCode: null } },
    { mode: "live", name: "Nordlicht Oy", tenantId: "nord5678" },
  ),
  "arrived-link": showAccount(many, { arrivedLink: arrived() }),
  "arrived-link-other": askTenant({
    arrivedLink: arrived({
      purpose: "reset",
      accountName: null,
      apiHost: "login.acme.example:8443",
      otherSite: "evil.example",
    }),
  }),
  "arrived-link-long": askPassword({
    arrivedLink: arrived({ purpose: "signUp", accountName: veryLong, otherSite: `${"a".repeat(60)}.example` }),
  }),
  "clock-ahead": askPassword({ clockAhead: 3 * HOUR + 40 }),
  "clock-behind": showAccount(undefined, { clockAhead: -2 * DAY }),
  "password-changed": showAccount(undefined, { notice: { kind: "passwordChanged", accountName: "Admin User" } }),
  "totp-is-set-up": showAccount(undefined, { notice: { kind: "totpIsSetUp", accountName: "Admin User" } }),
  "backup-codes-saved": askStep(
    { kind: "setUpTotp", totp: totpSetUp },
    {},
    { notice: { kind: "backupCodesSaved", path: "/home/admin/Downloads/userfront-backup-codes-demo1234.txt" } },
  ),
  "saml-in-browser": showAccount(undefined, {
    notice: {
      kind: "samlInBrowser",
      address:
        "https://api.userfront.com/v0/auth/saml/idp/login?tenant_id=demo1234&uuid=99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001",
    },
  }),
  "logged-out": askPassword({ notice: loggedOut, accounts: [mira, support] }),
  "logged-out-already": askPassword({ notice: { ...loggedOut, session: "alreadyOver" } }),
  "logged-out-pending": askPassword({
    notice: { ...loggedOut, session: "pending" },
    pendingRevocations: [pending()],
  }),
  "open-in-browser": askPassword({
    notice: { ...loggedOut, openInBrowser: "example.com/goodbye?from=desktop" },
  }),
  undone: askPassword({ notice: { kind: "logInUndone", accountName: "Admin User" } }),
  "session-lost": askPassword({
    notice: { kind: "sessionLost", accountName: "Admin User", aliveUntil: now + 29 * DAY },
  }),
  mended: showAccount(undefined, {
    notice: { kind: "registryMended", keptAs: "accounts.damaged-1795376400.json", fromLastGood: true },
  }),
  "mended-empty": askPassword({ notice: { kind: "registryMended", keptAs: null, fromLastGood: false } }),
  pending: askPassword({ pendingRevocations: [pending()] }),
  "pending-asking": askPassword({
    pendingRevocations: [pending({ tries: 4, nextTry: now - 1 })],
    inProgress: [{ kind: "revoking", pending: "p1" }],
  }),
  "pending-answers": askPassword({
    pendingRevocations: [pending({ tries: 2, stillAnswersUntil: now + 5 * DAY })],
  }),
  "pending-account": showAccount(many, { pendingRevocations: [pending({ accountName: long.name })] }),
  "pending-dozen": askPassword({
    pendingRevocations: Array.from({ length: 12 }, (_, index) =>
      pending({
        id: `p${index}`,
        accountName: many[index % many.length]?.name ?? "",
        tries: index,
        since: now - index * DAY,
        nextTry: now + index * 600,
      }),
    ),
  }),
  "pending-many": askPassword({
    pendingRevocations: [
      pending(),
      pending({ id: "p2", accountName: "ليلى الحسن", tenantId: "nord5678", reason: "The server answered 503." }),
    ],
  }),
  remnant: askPassword({
    remnants: [{ service: "desktop.userfront.accounts", entry: entries[0] ?? "" }],
  }),
  "remnant-two": askPassword({
    remnants: entries.map((entry) => ({ service: "desktop.userfront.accounts", entry })),
  }),
  account: showAccount(),
  "account-picture": showAccount([mira]),
  "account-live": showAccount([account({ mode: "live", email: null, username: null, roles: [] })]),
  "account-many": showAccount(many),
  "account-long": showAccount([long, layla, account()]),
  "account-rtl": showAccount([layla]),
  "account-expired": showAccount([support]),
  "account-ended": showAccount([sakura, account()]),
  "account-arriving": showAccount([account({ health: "arriving" })]),
  "account-leaving": showAccount([account({ health: "leaving" })], {
    inProgress: [{ kind: "loggingOut", account: account().id }],
  }),
  "keyring-locked": showAccount(undefined, { keyring: { ...keyring, status: "locked" } }),
  "keyring-unlocking": showAccount(undefined, {
    keyring: { ...keyring, status: "locked" },
    inProgress: [{ kind: "unlockingKeyring" }],
  }),
  "keyring-unavailable": askTenant({
    keyring: { name: "Secret Service", status: "unavailable", detail: "org.freedesktop.secrets was not provided" },
  }),
  "keyring-hung": showAccount(undefined, { keyring: { ...keyring, status: "hung" } }),
  "unfinished-locked": askTenant({
    accounts: [leaving],
    keyring: keyringOf("locked"),
    unfinished: [unfinished()],
  }),
  "unfinished-log-in": askTenant({
    accounts: [account({ health: "arriving" })],
    keyring: keyringOf("locked"),
    unfinished: [unfinished(account(), "logIn")],
  }),
  "unfinished-hung": showAccount([mira, leaving], { keyring: keyringOf("hung"), unfinished: [unfinished()] }),
  "unfinished-unavailable": askTenant({
    accounts: [leaving, { ...long, health: "leaving" }],
    keyring: keyringOf("unavailable", "org.freedesktop.secrets was not provided"),
    unfinished: [unfinished(), unfinished(long)],
  }),
  "unfinished-ok": showAccount([mira, leaving], { unfinished: [unfinished()] }),
  "unfinished-here": showAccount([leaving, mira], { keyring: keyringOf("locked"), unfinished: [unfinished()] }),
  accounts: showAccounts(),
  "accounts-one": showAccounts([account()]),
  "accounts-none": showAccounts([]),
  "accounts-leaving": showAccounts([{ ...mira, health: "leaving" }, support], {
    inProgress: [{ kind: "loggingOut", account: "mira" }],
  }),
  "accounts-everything": showAccounts([long, layla, leaving, ...many.slice(1)], {
    keyring: keyringOf("locked"),
    unfinished: [unfinished()],
    pendingRevocations: [pending()],
  }),
  activity: showActivity(),
  "activity-empty": showActivity([]),
  "activity-problem": showActivity(
    [],
    {},
    "The file of the activity was written by a newer version of this app. Update it to see what was done.",
  ),
  "log-in-failed": askPassword({
    notice: { kind: "logInFailed", message: "Nobody came back from the browser in time. Begin again." },
  }),
  "activity-exported": showActivity(lines, {
    notice: { kind: "activityExported", path: "/home/admin/Downloads/userfront-activity-2026-11-22.json" },
  }),
  settings: shot({ view: { name: "settings" }, accounts: many }),
  "settings-probe": shot({ view: { name: "settings" }, settings: { probe: true } }),
  registry: askTenant({
    registryProblem: "The disk is full, so the list of accounts cannot be written. Free some space, then try again.",
  }),
  everything: askPassword({
    notice: loggedOut,
    keyring: { ...keyring, status: "locked" },
    pendingRevocations: [pending()],
    remnants: [{ service: "desktop.userfront.accounts", entry: entries[0] ?? "" }],
    registryProblem: "The list of accounts is written by a newer version of this app. Update it, then try again.",
  }),
  profile: showProfile(),
  "profile-asking": showProfile(null, { inProgress: [{ kind: "editingProfile", account: account().id }] }),
  "profile-unanswered": showProfile(null),
  "profile-live": showProfile(userForm({ name: mira.name, username: "mira", email: "mira@nordlicht.example" }), {
    accounts: [mira, support],
  }),
  "profile-missing": showProfile(noDetails, { accounts: [account({ roles: [], email: null, tenantName: null })] }),
  "profile-long": showProfile(
    userForm({
      name: long.name.repeat(3),
      username: "w".repeat(256),
      image: `https://example.com/${"a-long-path/".repeat(40)}`,
      email: long.email ?? "",
      data: JSON.stringify({ note: "Ein langer Text. ".repeat(240), key: "k".repeat(120) }, null, 2),
    }),
    { accounts: [long] },
  ),
  "profile-rtl": showProfile(
    userForm({
      name: "ليلى الحسن",
      username: "ليلى",
      email: "layla@example.org",
      phoneNumber: "",
      data: JSON.stringify({ الاسم: "ليلى الحسن", city: "القاهرة", mood: "😀👩‍👩‍👧" }, null, 2),
    }),
    { accounts: [layla] },
  ),
  "profile-wrong-data": showProfile(userForm({ data: '{\n  "team": "Demo",\n  "beta": yes\n}' })),
  "profile-notice": showProfile(undefined, { notice: { kind: "profileSaved", accountName: "Admin User" } }),
  "profile-totp": showProfile(undefined, {}, authenticator()),
  "profile-totp-bare": showProfile(undefined, {}, authenticator({ qrCode: null, backupCodes: [] })),
  "profile-gone": showProfile(null, { view: { name: "profile", id: "gone", user: null, totp: null } }),
  "account-refreshing": showAccount(undefined, { inProgress: [{ kind: "refreshing", account: account().id }] }),
  "account-tokens-missing": showAccount([account({ health: "tokensMissing" })]),
};

/** What the next command fails with, by the name in `?error=`. */
export const errors: Record<string, IpcError> = {
  tenantId: {
    code: "tenantId",
    message:
      "Userfront knows no tenant nowhere1. Check the ID: it is the eight letters and digits of your organisation.",
    detail: null,
    retryAfter: null,
  },
  apiUrl: {
    code: "apiUrl",
    message: "That is no address of an API. It starts with https://.",
    detail: null,
    retryAfter: null,
  },
  domain: {
    code: "domain",
    message: "A domain has no path. Give just the name, as in example.com.",
    detail: null,
    retryAfter: null,
  },
  image: {
    code: "image",
    message: "The picture's address starts with https://.",
    detail: null,
    retryAfter: null,
  },
  customData: {
    code: "customData",
    message: "The custom data is not a JSON object (line 2, column 8). Mend it, then save again.",
    detail: null,
    retryAfter: null,
  },
  credentials: {
    code: "credentials",
    message: "The e-mail, user name or password is wrong.",
    detail: null,
    retryAfter: null,
  },
  code: {
    code: "code",
    message: "That code is wrong or has expired. Look for the newest, or send another one.",
    detail: null,
    retryAfter: null,
  },
  link: { code: "link", message: "That link has been used already. Send another one.", detail: null, retryAfter: null },
  email: { code: "email", message: "That is no e-mail address. It has an @ in it.", detail: null, retryAfter: null },
  phone: {
    code: "phone",
    message: "That is no phone number. It begins with + and the country's code.",
    detail: null,
    retryAfter: null,
  },
  username: {
    code: "username",
    message: "Somebody has that user name already. Take another one.",
    detail: null,
    retryAfter: null,
  },
  newPassword: {
    code: "newPassword",
    message: "That password is too weak. Take a longer one.",
    detail: null,
    retryAfter: null,
  },
  tooMany: {
    code: "failed",
    message: "Userfront has had too many requests. Wait a little, then try again.",
    detail: "429",
    retryAfter: 75,
  },
  keyringLocked: {
    code: "keyringLocked",
    message: "GNOME Keyring is locked, so nobody was logged out. Unlock it, then try again.",
    detail: null,
    retryAfter: null,
  },
  keyringHung: {
    code: "keyringHung",
    message: "GNOME Keyring does not answer, so nobody was logged out. Look for a dialog of its own, then try again.",
    detail: null,
    retryAfter: null,
  },
  keyringUnavailable: {
    code: "keyringUnavailable",
    message: "GNOME Keyring cannot be reached, so nobody was logged out. Start it, then try again.",
    detail: "org.freedesktop.secrets was not provided",
    retryAfter: null,
  },
  failed: {
    code: "failed",
    message: "Userfront did not answer, so you are still logged in. Check your connection, then try again.",
    detail: "GET auth/logout: error sending request: connection refused (os error 111)",
    retryAfter: null,
  },
};
