// What can be told of an account beside others.

import type { AccountRow } from "./bindings/AccountRow";

/** Whether it is neither on its way out nor on its way back out. */
export const isIn = ({ health }: AccountRow): boolean => health !== "loggingIn" && health !== "loggingOut";

/** What its tenant is called. */
export const tenantOf = ({ tenantName, tenantId }: AccountRow): string => tenantName ?? tenantId;

/** Its name, with what tells it from others of the same name: in every sentence, title and accessible name. */
export const calledOf = ({ name, toldApartBy }: Pick<AccountRow, "name" | "toldApartBy">): string =>
  toldApartBy.length === 0 ? name : `${name} (${toldApartBy.join(", ")})`;

/** Its tenant, and what else tells it from others of the same name: where the name stands beside it. */
export const placeOf = (account: AccountRow): string =>
  [...new Set([tenantOf(account), ...account.toldApartBy])].join(" · ");
