// Faults of this machine: keyring, clock, disk.

import type { Snapshot } from "../../src/bindings/Snapshot";
import { showAccount } from "./accounts";
import { foreign } from "./foreign";
import { askPassword, askTenant } from "./log-in";
import { keyring } from "./shot";
import { DAY, HOUR } from "./time";

export const machineStates: Record<string, Snapshot> = {
  "clock-ahead": askPassword({ clockAhead: 3 * HOUR + 40 }),
  "clock-behind": showAccount(undefined, { clockAhead: -2 * DAY }),
  mended: showAccount(undefined, {
    notice: { kind: "registryMended", keptAs: "accounts.damaged-1795376400.json", fromLastGood: true },
  }),
  "mended-empty": askPassword({
    notice: { kind: "registryMended", keptAs: null, fromLastGood: false },
    foreign: [foreign()],
  }),
  "keyring-locked": showAccount(undefined, { keyring: { ...keyring, status: "locked" } }),
  "keyring-unlocking": showAccount(undefined, {
    keyring: { ...keyring, status: "locked" },
    inProgress: [{ kind: "unlockingKeyring" }],
  }),
  "keyring-unavailable": askTenant({
    keyring: {
      name: "Secret Service",
      status: "unavailable",
      detail: "org.freedesktop.secrets was not provided",
      keepsDeleted: false,
    },
  }),
  "keyring-not-allowed": showAccount(undefined, {
    keyring: { ...keyring, name: "KeePassXC", status: "notAllowed" },
  }),
  "no-keyring": askTenant({ keyring: { ...keyring, status: "noKeyring" } }),
  "keyring-hung": showAccount(undefined, { keyring: { ...keyring, status: "hung" } }),
  registry: askTenant({
    registryProblem: { kind: "listUnwritable" },
  }),
};
