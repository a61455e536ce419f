// Questions to a snapshot that several files ask.

import type { AccountRow } from "../bindings/AccountRow";
import type { Notice } from "../bindings/Notice";
import type { Work } from "../bindings/Work";

/** Whether something of a kind is in progress. */
export const isAtWork = (inProgress: Work[], kind: Work["kind"]): boolean =>
  inProgress.some((work) => work.kind === kind);

/** Whether an account is neither logging in nor logging out. */
export const isIn = ({ health }: AccountRow): boolean => health !== "loggingIn" && health !== "loggingOut";

/** The tenant's name, or its ID. */
export const tenantOf = ({ tenantName, tenantId }: AccountRow): string => tenantName ?? tenantId;

/** The file that backup codes were saved to. It is shown beside them, and nowhere else. */
export const savedCodes = (notice: Notice | null): string | null =>
  notice?.kind === "backupCodesSaved" ? notice.path : null;
