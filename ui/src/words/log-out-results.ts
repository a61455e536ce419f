// Words of the result page of a log-out of several accounts.

import type { LogOutOutcome } from "../bindings/LogOutOutcome";
import type { LogOutRow } from "../bindings/LogOutRow";
import type { PendingRevocation } from "../bindings/PendingRevocation";
import { factOf } from "./causes";
import { countAccounts, ended } from "./common";
import { errorText } from "./errors";
import { lostUntil, outcomes, retrying } from "./notices";
import { loggingOutOfSeveral } from "./status";
import { day } from "./time";

export const done = "Done";
export const logOutOfAccounts = (count: number): string => `Log out of ${countAccounts(count)}`;
export const tryNowFor = (name: string): string => `Try now: ${name}`;
export const tryAgainFor = (name: string): string => `Try again: ${name}`;

export const toneOfOutcome: Record<LogOutOutcome, "done" | "waiting" | "wrong"> = {
  ended: "done",
  alreadyOver: "done",
  accepted: "done",
  pending: "waiting",
  here: "waiting",
  lost: "wrong",
  stillPresent: "wrong",
  stillLoggedIn: "wrong",
  waiting: "waiting",
  forgotten: "wrong",
};

/** How a log-out ended, with the reason and what comes next. */
export function rowWords(row: LogOutRow, pending: PendingRevocation | undefined, now: number): string {
  switch (row.outcome) {
    case null:
      return "Logging out…";
    case "ended":
    case "alreadyOver":
      return outcomes[row.outcome];
    case "accepted":
      return row.acceptedUntil === null
        ? outcomes.accepted
        : `Logged out. Userfront accepts the access token until ${day(row.acceptedUntil, now)}.`;
    case "pending":
      return pending
        ? `Logged out on this computer. ${ended(factOf(pending.reason))} ${retrying(pending.nextTry, now)}`
        : outcomes.pending;
    case "here":
      return "Logged out on this computer. Nothing waits for Userfront any more.";
    case "lost":
      return row.aliveUntil === null ? outcomes.lost : lostUntil(row.aliveUntil, now);
    case "stillPresent":
      return row.leftovers.length > 0 ? outcomes.stillPresent : "Logged out. The token has been deleted.";
    case "stillLoggedIn":
      return row.why === null ? "Still logged in." : `Still logged in. ${errorText(row.why)}`;
    case "waiting":
    case "forgotten":
      return outcomes[row.outcome];
  }
}

/** What came of all: "4 logged out, 1 pending, 1 still logged in". */
export function sumOfResults(rows: LogOutRow[]): string {
  if (rows.some(({ outcome }) => outcome === null)) return loggingOutOfSeveral(rows.length);
  const count = (...of: LogOutOutcome[]): number =>
    rows.filter(({ outcome }) => outcome !== null && of.includes(outcome)).length;
  const parts: [number, string][] = [
    [count("ended", "alreadyOver", "accepted", "stillPresent"), "logged out"],
    [count("pending"), "pending"],
    [count("here", "lost"), "not confirmed"],
    [count("stillLoggedIn"), "still logged in"],
    [count("waiting"), "waiting for the keyring"],
    [count("forgotten"), "forgotten"],
  ];
  return parts
    .filter(([number]) => number > 0)
    .map(([number, what]) => `${number} ${what}`)
    .join(", ");
}

/** The sum, then each that needs attention. */
export function resultsHeard(rows: LogOutRow[]): string {
  const left = rows.filter(({ outcome }) => outcome !== null && toneOfOutcome[outcome] !== "done");
  const each = left.map((row) => `${row.accountName}: ${ended(rowWords(row, undefined, 0))}`);
  return [ended(sumOfResults(rows)), ...each].join(" ");
}
