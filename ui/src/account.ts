// What can be told of an account beside others.

import type { AccountRow } from "./bindings/AccountRow";

/** Whether it is neither on its way out nor on its way back out. */
export const isIn = ({ health }: AccountRow): boolean => health !== "loggingIn" && health !== "loggingOut";

/** What its tenant is called. */
export const tenantOf = ({ tenantName, tenantId }: AccountRow): string => tenantName ?? tenantId;

/** Its tenant, and whatever else it takes to tell it from others of the same name: the tenant's ID, the mode, the host. */
export function placeAmong(account: AccountRow, all: AccountRow[]): string {
  const alike = all.filter((it) => it.name === account.name && tenantOf(it) === tenantOf(account));
  const differs = (key: "tenantId" | "mode" | "apiHost"): boolean => alike.some((it) => it[key] !== account[key]);
  const place = [tenantOf(account)];
  if (differs("tenantId")) place.push(account.tenantId);
  if (differs("mode")) place.push(account.mode === "test" ? "test mode" : "live");
  if (differs("apiHost")) place.push(account.apiHost);
  return place.join(" · ");
}
