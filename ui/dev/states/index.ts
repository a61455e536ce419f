// Every state that the window can be asked to show: for a designer to look at (`npm run dev`), and for the
// tests.

import type { Snapshot } from "../../src/bindings/Snapshot";
import { accountStates, crowd, many, showAccount, showAccounts, threeHundred } from "./accounts";
import { activityStates } from "./activity";
import { arrivedLinkStates } from "./arrived-link";
import { foreignStates } from "./foreign";
import { askPassword, logInStates } from "./log-in";
import { logInStepStates } from "./log-in-steps";
import { entries, loggedOut, logOutStates, pending, several } from "./log-out";
import { machineStates } from "./machine";
import { profileStates } from "./profile";
import { keyring, settings, shot } from "./shot";

export {
  account,
  admin,
  crowd,
  many,
  sameName,
  showAccount,
  showAccounts,
  threeHundred,
} from "./accounts";
export { lines, showActivity } from "./activity";
export { arrived } from "./arrived-link";
export { errorOf, errors } from "./errors";
export { foreign, unknownForm } from "./foreign";
export { askPassword, askStep, askTenant, everyFactor, factor, first, form, tenant } from "./log-in";
export { codeSent, inBrowser, linkSent, secondFactors, totpSetUp } from "./log-in-steps";
export { logOutRow, pending, several, showResults, unfinished } from "./log-out";
export { authenticator, newAddress, newNumber, showProfile, userForm } from "./profile";
export { keyring, shot } from "./shot";

/** Every state by name. */
export const states: Record<string, Snapshot> = {
  starting: shot({ inProgress: [{ kind: "restoring" }] }),
  ...logInStates,
  ...logInStepStates,
  ...arrivedLinkStates,
  ...logOutStates,
  ...foreignStates,
  ...accountStates,
  ...activityStates,
  settings: shot({ view: { name: "settings" }, accounts: many }),
  "settings-without-tray": shot({
    view: { name: "settings" },
    missing: { tray: "notOnThisDesktop", notifications: null, idle: "notOnThisDesktop" },
    settings: { ...settings, closeToTray: true },
  }),
  "settings-verify-revocation": shot({
    view: { name: "settings" },
    settings: { ...settings, verifyRevocation: true },
  }),
  "settings-on-another-system": shot({
    view: { name: "settings" },
    missing: { tray: "notOnThisSystem", notifications: "notOnThisSystem", idle: "notOnThisSystem" },
  }),
  covered: shot({ view: { name: "covered" } }),
  ...profileStates,
  ...machineStates,
  everything: askPassword({
    notice: loggedOut,
    keyring: { ...keyring, status: "locked" },
    pendingRevocations: [pending()],
    leftovers: [{ service: "desktop.userfront.accounts", entry: entries[0] ?? "" }],
    registryProblem: { kind: "listTooNew", format: 9 },
  }),
};

/** A state by its name. */
export const state = (name: string): Snapshot => states[name] ?? shot();

/** States that are too large for every test. */
export const large: Record<string, Snapshot> = {
  "accounts-300": showAccounts(threeHundred),
  "account-300": showAccount(threeHundred),
  "account-1000": showAccount(crowd(1000)),
  "logged-out-of-300": askPassword({ notice: several(threeHundred.map(() => "ended")) }),
};
