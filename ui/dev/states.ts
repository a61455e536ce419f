// Every state that the window can be asked to show: for a designer to look at (`npm run dev`), and for the tests.

import type { AccountRow } from "../src/bindings/AccountRow";
import type { ActivityLine } from "../src/bindings/ActivityLine";
import type { ChosenTenant } from "../src/bindings/ChosenTenant";
import type { FirstFactor } from "../src/bindings/FirstFactor";
import type { IpcError } from "../src/bindings/IpcError";
import type { Keyring } from "../src/bindings/Keyring";
import type { LoginForm } from "../src/bindings/LoginForm";
import type { PendingRevocation } from "../src/bindings/PendingRevocation";
import type { Snapshot } from "../src/bindings/Snapshot";
import type { Unfinished } from "../src/bindings/Unfinished";
import type { UnfinishedVerb } from "../src/bindings/UnfinishedVerb";

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
  available: strategy === "password",
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
  registryProblem: null,
  ...change,
});

/** The login view's first step. */
export const askTenant = (change: Partial<Snapshot> = {}, fill: Partial<LoginForm> = {}): Snapshot =>
  shot({ view: { name: "login", tenant: null, form: { ...form, ...fill }, canGoBack: false }, ...change });

/** The login view's second step. */
export const askPassword = (
  change: Partial<Snapshot> = {},
  of: Partial<ChosenTenant> = {},
  emailOrUsername = "admin@example.com",
  canGoBack = false,
): Snapshot =>
  shot({
    view: { name: "login", tenant: tenant(of), form: { ...form, tenantId: "demo1234", emailOrUsername }, canGoBack },
    ...change,
  });

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
  "login-no-password": askPassword({}, { firstFactors: [factor("link", "email"), factor("github", "github")] }),
  "login-long": askPassword(
    { accounts: [long, layla] },
    { name: long.tenantName, foreignHost: `${"a".repeat(60)}.example` },
  ),
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
};

/** What the next command fails with, by the name in `?error=`. */
export const errors: Record<string, IpcError> = {
  tenantId: {
    code: "tenantId",
    message:
      "Userfront knows no tenant nowhere1. Check the ID: it is the eight letters and digits of your organisation.",
    detail: null,
  },
  apiUrl: { code: "apiUrl", message: "That is no address of an API. It starts with https://.", detail: null },
  domain: { code: "domain", message: "A domain has no path. Give just the name, as in example.com.", detail: null },
  credentials: { code: "credentials", message: "The e-mail, user name or password is wrong.", detail: null },
  keyringLocked: {
    code: "keyringLocked",
    message: "GNOME Keyring is locked, so nobody was logged out. Unlock it, then try again.",
    detail: null,
  },
  keyringHung: {
    code: "keyringHung",
    message: "GNOME Keyring does not answer, so nobody was logged out. Look for a dialog of its own, then try again.",
    detail: null,
  },
  keyringUnavailable: {
    code: "keyringUnavailable",
    message: "GNOME Keyring cannot be reached, so nobody was logged out. Start it, then try again.",
    detail: "org.freedesktop.secrets was not provided",
  },
  failed: {
    code: "failed",
    message: "Userfront did not answer, so you are still logged in. Check your connection, then try again.",
    detail: "GET auth/logout: error sending request: connection refused (os error 111)",
  },
};
