// Questions to a snapshot that several files ask.

import type { AccountRow } from "../bindings/AccountRow";
import type { Notice } from "../bindings/Notice";
import type { Snapshot } from "../bindings/Snapshot";
import type { Work } from "../bindings/Work";

/** Whether something of a kind is in progress. */
export const isAtWork = (inProgress: Work[], kind: Work["kind"]): boolean =>
  inProgress.some((work) => work.kind === kind);

/** Whether some work has begun since, and nothing that the user has to read or answer is new. */
export function onlyBegins(now: Snapshot, before: Snapshot): boolean {
  const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
  const begun = now.inProgress.filter((work) => !before.inProgress.some((known) => same(work, known)));
  const isSameView = now.place === before.place && viewKey(now) === viewKey(before);
  const asksNothing = same(now.arrivedLink, before.arrivedLink) && !isAtWork(begun, "closing");
  return begun.length > 0 && isSameView && same(now.notice, before.notice) && asksNothing;
}

/** Whether an account is neither logging in nor logging out. */
export const isIn = ({ health }: AccountRow): boolean => health !== "loggingIn" && health !== "loggingOut";

/** Whether an account is of the same tenant as another one, in its mode and at its host. */
export const isOfTenant = (row: AccountRow, { tenantId, mode, apiHost }: AccountRow): boolean =>
  row.tenantId === tenantId && row.mode === mode && row.apiHost === apiHost;

/** The tenant's name, or its ID. */
export const tenantOf = ({ tenantName, tenantId }: AccountRow): string => tenantName ?? tenantId;

/** The file that backup codes were saved to. It is shown beside them, and nowhere else. */
export const savedCodes = (notice: Notice | null): string | null =>
  notice?.kind === "backupCodesSaved" ? notice.path : null;

/** A key that changes with the view. */
export function viewKey({ view }: Snapshot): string {
  if (view.name === "account") return `account ${view.id}`;
  if (view.name === "login" && view.tenant) {
    return `login ${view.tenant.tenantId} ${view.tenant.mode} ${view.tenant.foreignHost ?? ""}`;
  }
  return view.name;
}
