// What the rows of the result page say, so that nothing else repeats it.

import type { LogOutRow } from "../bindings/LogOutRow";
import type { Notice } from "../bindings/Notice";
import type { Snapshot } from "../bindings/Snapshot";

const OVER = ["ended", "alreadyOver", "accepted"];

function isSaid(notice: Notice, rows: LogOutRow[]): boolean {
  switch (notice.kind) {
    case "sessionLost":
      return rows.some(
        (row) => row.accountName === notice.accountName && row.aliveUntil === notice.aliveUntil,
      );
    case "sessionOver":
      return rows.some((row) => row.accountName === notice.accountName && OVER.includes(row.outcome ?? ""));
    case "leftoversDeleted":
      return rows.some((row) => row.outcome === "stillPresent" && row.leftovers.length === 0);
    default:
      return false;
  }
}

/** A snapshot without what these rows say. */
export function withoutRows(snapshot: Snapshot, rows: LogOutRow[]): Snapshot {
  const { keyring, leftovers, notice, pendingRevocations, unfinished } = snapshot;
  const inRows = new Set(rows.flatMap((row) => [row.pending, ...row.leftovers]));
  const waiting = new Set(rows.filter(({ outcome }) => outcome === "waiting").map(({ account }) => account));
  const others = unfinished.filter(({ account }) => !waiting.has(account));
  const unlocks =
    ["locked", "notAllowed"].includes(keyring.status) &&
    others.length === 0 &&
    rows.some((row) => row.outcome === "waiting" || (row.outcome === "stillLoggedIn" && row.isIn));
  return {
    ...snapshot,
    unfinished: others,
    notice: notice && isSaid(notice, rows) ? null : notice,
    pendingRevocations: pendingRevocations.filter(({ id }) => !inRows.has(id)),
    leftovers: leftovers.filter(({ entry }) => !inRows.has(entry)),
    keyring: unlocks ? { ...keyring, status: "ok" } : keyring,
  };
}
