// After a log-out: what came of it, and what is left to be done.

import type { AccountRow } from "../../src/bindings/AccountRow";
import type { Keyring } from "../../src/bindings/Keyring";
import type { LogOutOutcome } from "../../src/bindings/LogOutOutcome";
import type { LogOutRow } from "../../src/bindings/LogOutRow";
import type { PendingRevocation } from "../../src/bindings/PendingRevocation";
import type { Snapshot } from "../../src/bindings/Snapshot";
import type { Unfinished } from "../../src/bindings/Unfinished";
import type { UnfinishedVerb } from "../../src/bindings/UnfinishedVerb";
import { calledOf } from "../../src/words";
import { account, crowd, layla, long, many, mira, showAccount, showAccounts, support } from "./accounts";
import { errors } from "./errors";
import { askPassword, askTenant } from "./log-in";
import { keyring, shot } from "./shot";
import { DAY, now } from "./time";

/** One of `accounts`, waiting for the keyring. */
export const unfinished = (of: AccountRow = account(), verb: UnfinishedVerb = "logOut"): Unfinished => ({
  account: of.id,
  accountName: calledOf(of),
  tenantId: of.tenantId,
  verb,
  keyringEntries: of.keyringEntries,
  sessionEndsAt: of.sessionEndsAt,
});

/** A pending revocation. */
export const pending = (change: Partial<PendingRevocation> = {}): PendingRevocation => ({
  id: "p1",
  accountName: "Admin User",
  tenantId: "demo1234",
  since: now - 40,
  sessionEndsAt: now + 29 * DAY,
  reason: { kind: "timedOut" },
  detail: null,
  tries: 1,
  nextTry: now + 3 * 60 - 5,
  stillAnswersUntil: null,
  ...change,
});

const leaving = account({ health: "loggingOut" });
const keyringOf = (status: Keyring["status"], detail: string | null = null): Keyring => ({
  ...keyring,
  status,
  detail,
});

export const loggedOut = {
  kind: "loggedOut",
  accountName: "Admin User",
  outcome: "ended",
  acceptedUntil: null,
  unwritten: false,
  openInBrowser: null,
} as const;

/** The results of several log-outs. */
export const several = (outcomes: LogOutOutcome[]) =>
  ({
    kind: "loggedOutOfSeveral",
    results: outcomes.map((outcome, index) => ({
      account: `account ${index}`,
      accountName: many[index % many.length]?.name ?? "",
      tenantId: "demo1234",
      outcome,
      why: outcome === "stillLoggedIn" ? { ...errors.keyringLocked, context: [] } : null,
    })),
  }) as const;

const outcomes: (LogOutOutcome | null)[] = ["ended", "alreadyOver", "accepted", "pending", "stillPresent"];

/** A row of the result page. */
export const logOutRow = (outcome: LogOutOutcome | null, of: AccountRow = account()): LogOutRow => ({
  account: of.id,
  accountName: calledOf(of),
  tenant: of.tenantName ?? of.tenantId,
  outcome,
  why:
    outcome === "stillLoggedIn" || outcome === "waiting" || outcome === "forgotten"
      ? { ...errors.keyringLocked, context: [] }
      : null,
  pending: outcome === "pending" ? "p1" : null,
  acceptedUntil: outcome === "accepted" ? now + 6 * DAY : null,
  aliveUntil: outcome === "lost" ? now + 6 * DAY : null,
  leftovers: outcome === "stillPresent" ? of.keyringEntries.slice(0, 1) : [],
  isIn: outcome === "stillLoggedIn",
});

/** The result page, with a row for each outcome. */
export const showResults = (
  results: LogOutRow[] = [...outcomes, "here", "lost", "stillLoggedIn"].map((outcome, nth) =>
    logOutRow(outcome as LogOutOutcome, crowd(12)[nth + 3]),
  ),
  change: Partial<Snapshot> = {},
): Snapshot =>
  shot({
    view: { name: "logOutResults", results },
    accounts: crowd(12).filter(({ id }) => results.some((row) => row.account !== id || row.isIn)),
    pendingRevocations: [pending()],
    keyring: { ...keyring, status: "locked" },
    ...change,
  });

const registryProblem = { kind: "listUnwritable" } as const;

export const entries = account().keyringEntries;

export const logOutStates: Record<string, Snapshot> = {
  "logged-out": askPassword({ notice: loggedOut, accounts: [mira, support] }),
  "logged-out-already": askPassword({ notice: { ...loggedOut, outcome: "alreadyOver" } }),
  "logged-out-accepted": askPassword({
    notice: { ...loggedOut, outcome: "accepted", acceptedUntil: now + 6 * DAY },
  }),
  "logged-out-unwritten": askPassword({
    notice: { ...loggedOut, unwritten: true },
    accounts: [mira, support],
    registryProblem,
  }),
  "logged-out-already-unwritten": askPassword({
    notice: { ...loggedOut, outcome: "alreadyOver", unwritten: true },
    registryProblem,
  }),
  "not-logged-out": askPassword({
    notice: { kind: "notLoggedOut", accountName: "Admin User" },
    accounts: [account(), mira],
    registryProblem,
  }),
  "logged-out-pending": askPassword({
    notice: { ...loggedOut, outcome: "pending" },
    pendingRevocations: [pending()],
  }),
  "open-in-browser": askPassword({
    notice: { ...loggedOut, openInBrowser: "example.com/goodbye?from=desktop" },
  }),
  undone: askPassword({ notice: { kind: "logInUndone", accountName: "Admin User" } }),
  "session-lost": askPassword({
    notice: { kind: "sessionLost", accountName: "Admin User", aliveUntil: now + 29 * DAY },
  }),
  "logged-out-of-several": askPassword({
    notice: several(["ended", "pending", "alreadyOver", "stillLoggedIn", "stillPresent"]),
    pendingRevocations: [pending()],
    accounts: [mira],
  }),
  "log-out-results": showResults(),
  "log-out-results-locked": showResults(
    (["ended", "stillLoggedIn", "waiting", "stillLoggedIn"] as const).map((outcome, nth) =>
      logOutRow(outcome, crowd(12)[nth + 3]),
    ),
  ),
  "log-out-results-gone": showResults(
    (["ended", "stillLoggedIn", "waiting", "forgotten"] as const).map((outcome, nth) =>
      logOutRow(outcome, crowd(12)[nth + 3]),
    ),
    { keyring: keyringOf("unavailable", "org.freedesktop.secrets was not provided"), pendingRevocations: [] },
  ),
  "log-out-results-under-way": showResults(
    crowd(9).map((row, nth) => logOutRow(nth > 4 ? null : "ended", row)),
    { inProgress: [{ kind: "loggingOut", account: "a5" }], keyring },
  ),
  "session-over": askPassword({ notice: { kind: "sessionOver", accountName: "Admin User" } }),
  "leftovers-deleted": askPassword({ notice: { kind: "leftoversDeleted", entries: 1 } }),
  pending: askPassword({ pendingRevocations: [pending()] }),
  "pending-asking": askPassword({
    pendingRevocations: [pending({ tries: 4, nextTry: now - 1 })],
    inProgress: [{ kind: "revoking", pending: "p1" }],
  }),
  "pending-detail": askPassword({
    pendingRevocations: [
      pending({ reason: { kind: "listUnwritable" }, detail: "No space left on device (os error 28)" }),
    ],
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
      pending({
        id: "p2",
        accountName: "ليلى الحسن",
        tenantId: "nord5678",
        reason: { kind: "serverFault", status: 503 },
      }),
    ],
  }),
  remnant: askPassword({
    leftovers: [{ service: "desktop.userfront.accounts", entry: entries[0] ?? "" }],
  }),
  "remnant-two": askPassword({
    leftovers: entries.map((entry) => ({ service: "desktop.userfront.accounts", entry })),
  }),
  "remnant-keepassxc": askPassword({
    keyring: { ...keyring, name: "KeePassXC", keepsDeleted: true },
    leftovers: entries.map((entry) => ({ service: "desktop.userfront.accounts", entry })),
  }),
  "unfinished-locked": askTenant({
    accounts: [leaving],
    keyring: keyringOf("locked"),
    unfinished: [unfinished()],
  }),
  "unfinished-log-in": askTenant({
    accounts: [account({ health: "loggingIn" })],
    keyring: keyringOf("locked"),
    unfinished: [unfinished(account(), "logIn")],
  }),
  "unfinished-hung": showAccount([mira, leaving], { keyring: keyringOf("hung"), unfinished: [unfinished()] }),
  "unfinished-unavailable": askTenant({
    accounts: [leaving, { ...long, health: "loggingOut" }],
    keyring: keyringOf("unavailable", "org.freedesktop.secrets was not provided"),
    unfinished: [unfinished(), unfinished(long)],
  }),
  "unfinished-ok": showAccount([mira, leaving], { unfinished: [unfinished()] }),
  "unfinished-here": showAccount([leaving, mira], {
    keyring: keyringOf("locked"),
    unfinished: [unfinished()],
  }),
  "accounts-everything": showAccounts([long, layla, leaving, ...many.slice(1)], {
    keyring: keyringOf("locked"),
    unfinished: [unfinished()],
    pendingRevocations: [pending()],
  }),
};
