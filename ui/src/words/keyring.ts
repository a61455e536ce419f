// Words about the keyring, and about work that waits for it.

import type { Keyring } from "../bindings/Keyring";
import type { KeyringStatus } from "../bindings/KeyringStatus";
import type { UnfinishedVerb } from "../bindings/UnfinishedVerb";

export const theKeyring = "the keyring";

export const keyringWords: Record<KeyringStatus, string> = {
  ok: "Keyring unlocked",
  locked: "Keyring locked",
  notAllowed: "Keyring access not allowed",
  noKeyring: "No keyring yet",
  unavailable: "No keyring is running",
  hung: "Keyring does not answer",
};

/** The button that has the keyring ask the user. */
export const unlockWords: Record<KeyringStatus, string> = {
  ok: "Unlock",
  locked: "Unlock",
  notAllowed: "Allow access",
  noKeyring: "Create a keyring",
  unavailable: "Unlock",
  hung: "Unlock",
};

/** The notice about an unusable keyring. */
export function keyringNotice({ status, name }: Keyring): { title: string; more: string } | undefined {
  switch (status) {
    case "ok":
      return undefined;
    case "locked":
      return {
        title: `${name} is locked.`,
        more:
          "Your tokens are in it, so nobody can log in or out until it is unlocked. Your computer asks " +
          "for its password; this app never sees it.",
      };
    case "notAllowed":
      return {
        title: `${name} has not allowed this app to use some of its sign-ins.`,
        more:
          "It asks you for each program. Until you allow it, the accounts whose tokens it holds back " +
          "can't be used.",
      };
    case "noKeyring":
      return { title: "There is no keyring yet.", more: makeKeyring(name) };
    case "unavailable":
      return {
        title: "No keyring is running.",
        more:
          "Start GNOME Keyring or KDE Wallet. Tokens are kept there and nowhere else, so nobody can log " +
          "in or out until then.",
      };
    case "hung":
      return {
        title: `${name} does not answer.`,
        more:
          "It may be waiting for you in a dialog of its own: look for one behind this window. This app " +
          "goes on by itself as soon as the keyring answers.",
      };
  }
}

function makeKeyring(name: string): string {
  if (name === "KeePassXC") {
    return (
      "Open a database in KeePassXC, and share one of its groups: in its settings, under Secret Service " +
      "Integration. Tokens are kept there and nowhere else, so you can't log in before."
    );
  }
  return (
    `Tokens are kept in a keyring and nowhere else, so you can't log in without one. ${name} asks you ` +
    "for a password for the new keyring; this app never sees it."
  );
}

// Work that waits for the keyring.
export function unfinishedTitle({ status, name }: Keyring): string {
  const notYet = "not everything is logged out yet";
  switch (status) {
    case "ok":
      return "Not everything is logged out yet.";
    case "locked":
      return `${name} is locked, so ${notYet}.`;
    case "notAllowed":
      return `${name} has not allowed this app to use its entries, so ${notYet}.`;
    case "noKeyring":
      return `The keyring that holds their tokens is not there, so ${notYet}.`;
    case "hung":
      return `${name} does not answer, so ${notYet}.`;
    case "unavailable":
      return `No keyring is running, so ${notYet}.`;
  }
}

const back = "waiting for the keyring to be back";
const answer = "waiting for the keyring to answer";

/** How an interrupted log-out, or the rollback of an interrupted log-in, goes on. */
const unfinishedEnds: Record<KeyringStatus, Record<UnfinishedVerb, string>> = {
  ok: { logOut: "being finished", logIn: "being undone" },
  locked: { logOut: "unlock the keyring to finish", logIn: "unlock the keyring to undo it" },
  notAllowed: { logOut: "allow access to finish", logIn: "allow access to undo it" },
  noKeyring: { logOut: back, logIn: back },
  hung: { logOut: answer, logIn: answer },
  unavailable: { logOut: back, logIn: back },
};

export const unfinishedRow = (verb: UnfinishedVerb, status: KeyringStatus) => {
  const end = unfinishedEnds[status][verb];
  return verb === "logOut"
    ? (`Logging out of {name} {tenant}: ${end}.` as const)
    : (`The interrupted log-in of {name} {tenant}: ${end}.` as const);
};
export const mayLiveUntil = "Until then its session may live on, to {day} at the latest.";
export const onlyTokensLeft = "Its session has ended by itself; only its tokens are left to delete.";
export const computerAsks = "Your computer asks for the keyring's password; this app never sees it.";

/** *Log out once it is unlocked*, for one account or several. */
export function logOutOnce(accounts: number, status: KeyringStatus | undefined): string {
  const usable =
    status === "locked" ? "it is unlocked" : status === "notAllowed" ? "access is allowed" : "it is back";
  return `Log out${accounts > 1 ? " of all" : ""} once ${usable}`;
}

// Forgetting an account whose tokens are out of reach.
export const forget = "Forget";
export const forgetButton = "Forget…";
export const forgetAccount = (name: string, tenant: string): string => `Forget ${name}, ${tenant}…`;
export const forgetQuestion = (name: string, tenant: string): string =>
  `Forget ${name}, ${tenant}, without logging out?`;
export function forgetMeans(keyring: string, entries: number): string {
  const [stay, hold] = entries === 1 ? ["this entry stays", "it holds"] : ["these entries stay", "they hold"];
  return (
    `This app takes the account off its list and does nothing else, because ${keyring} does not let it. In ` +
    `${keyring} ${stay}, with all that ${hold}:`
  );
}
export const noLongerWorks = "The session has ended by itself, so what is in there no longer works.";
export const livesOnUntil = "The session lives on until {day}.";
export const untilThen = "Until then, nothing here can end it, and whoever can read the keyring can use it.";
