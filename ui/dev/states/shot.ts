// The snapshot of nothing in particular that every state begins with.

import type { Keyring } from "../../src/bindings/Keyring";
import type { Settings } from "../../src/bindings/Settings";
import type { Snapshot } from "../../src/bindings/Snapshot";

export const keyring: Keyring = { name: "GNOME Keyring", status: "ok", detail: null, keepsDeleted: false };

export const settings: Settings = {
  theme: "system",
  tray: true,
  closeToTray: false,
  startAtLogin: false,
  notifySessionEnded: true,
  notifyEndsSoon: true,
  notifyRevocations: true,
  copyToken: true,
  hideWhenIdle: false,
  verifyRevocation: false,
};

/** A snapshot of nothing in particular, changed as told. */
export const shot = (change: Partial<Snapshot> = {}): Snapshot => ({
  revision: 1,
  place: 0,
  view: { name: "starting" },
  accounts: [],
  accountsRevision: 1,
  keyring,
  inProgress: [],
  notice: null,
  unfinished: [],
  pendingRevocations: [],
  leftovers: [],
  foreign: [],
  elsewhere: [],
  settings,
  missing: { tray: null, notifications: null, idle: null },
  arrivedLink: null,
  clockAhead: null,
  registryProblem: null,
  ...change,
});
