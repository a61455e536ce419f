// Words about an account: its details, its session, and logging out of it.

import type { AccountRow } from "../bindings/AccountRow";
import type { Health } from "../bindings/Health";
import type { UnfinishedVerb } from "../bindings/UnfinishedVerb";
import { tenantOf } from "../model/snapshot";
import { countAccounts } from "./common";
import { fromNow } from "./time";

export const accounts = "Accounts";
export const accountsWithCount = (count: number): string => `Accounts (${count})`;
export const addAccount = "Add an account";
export const findAccount = "Find an account";
export const noAccountMatches = "No account matches.";
export const matches = (count: number): string =>
  count === 0 ? noAccountMatches : `${countAccounts(count)} found.`;
export const selected = "selected";
export const countSelected = (count: number, hidden: number): string =>
  hidden === 0 ? `${count} selected` : `${count} selected, ${hidden} not shown`;
export const pinned = "Pinned";
export const pinIt = "Pin to the top";
export const unpinIt = "Unpin";
export const pin = (name: string, place: string): string => `Pin ${name}, ${place}`;
export const unpin = (name: string, place: string): string => `Unpin ${name}, ${place}`;
/** The heading of a tenant's accounts. Test and live mode of one tenant are two groups. */
export const tenantHeading = (account: AccountRow): string =>
  account.mode === "live" ? `${tenantOf(account)} · live` : tenantOf(account);
export const nobodyIsLoggedIn = "Nobody is logged in on this computer.";

/**
 * The name, with what tells the account from others of the same name. For sentences, titles and accessible
 * names.
 */
export const calledOf = ({ name, toldApartBy }: Pick<AccountRow, "name" | "toldApartBy">): string =>
  toldApartBy.length === 0 ? name : `${name} (${toldApartBy.join(", ")})`;

/** The tenant, and what else tells the account from others of the same name. For places beside the name. */
export const placeOf = (account: AccountRow): string =>
  [...new Set([tenantOf(account), ...account.toldApartBy])].join(" · ");

/** The line below the name: the state if it is not well, else the address; and what tells it apart. */
export const secondLineOf = (account: AccountRow, state: string | undefined): string => {
  const first = state ?? account.email ?? account.username ?? tenantOf(account);
  return [...new Set([first, ...account.toldApartBy])].join(" · ");
};

// The state of an account.
export const healthWords: Record<Health, string> = {
  ok: "Valid",
  expired: "Expired",
  signedOutByServer: "Ended",
  tokensMissing: "Sign-in missing",
  ended: "Session expired",
  loggingIn: "Logging in",
  loggingOut: "Logging out",
};
export const unfinishedWords: Record<UnfinishedVerb, string> = {
  logIn: "Waiting to be undone",
  logOut: "Waiting to log out",
};

/** Explanations of a session that has ended or expired. */
export const healthNotices: Partial<Record<Health, { title: string; more: string }>> = {
  signedOutByServer: {
    title: "Your session has ended.",
    more: "Log in again. Logging out removes this account from this computer.",
  },
  tokensMissing: {
    title: "The sign-in for this account is missing from your keyring.",
    more:
      "Log in again. Its session may still be alive at Userfront; this app cannot end it without the " +
      "sign-in.",
  },
  ended: {
    title: "Your session has expired.",
    more: "This is by this computer's clock. Log in again.",
  },
  expired: {
    title: "The access token has expired.",
    more:
      "It could not be renewed yet, and the session may still be alive. Log in again if it stays like " +
      "this; you can log out all the same.",
  },
};

// The header.
export const isWaiting = "It is waiting already: see below";

// The session.
export const session = "Session";
export const staysLoggedIn = "Stays logged in; renewed automatically.";
export const thisMayBeAlive = "This session may still be alive";
export const isBeingEnded = "This session is being ended";
export const sessionEnds = (at: number, now: number): string =>
  `Session ${at <= now ? "ended" : "ends"} ${fromNow(at, now)}`;
export const endsAfterUnfinished: Record<UnfinishedVerb, string> = {
  logOut: "It ends as soon as the log-out can be finished.",
  logIn: "It ends as soon as the log-in can be undone.",
};
export const tokensAreBeingStored = "Its tokens are being stored.";
export const hasExpired = "By this computer's clock it has expired. Log in again.";
export const accessTokenExpires = "Access token expires {when}";
export const accessTokenExpired = "Access token expired {when}";
export const refreshNow = "Refresh now";
export const loggedInSince = "Logged in since {when}.";
export const copyToken = "Copy access token";

// The details.
export const technicalDetails = "Technical details";
export const user = "User";
export const userId = (id: number): string => `user ID ${id}`;
export const tenantAtHost = "{tenant} at {host}";
export const roles = "Roles";
export const roleIn = (role: string, tenant: string): string => `${role} · ${tenant}`;
export const recent = "Recent";
export const tokensKeptIn = "Tokens kept in";
export const firstEntry = (keyring: string) => `${keyring}, entry {code}` as const;
export const nextEntry = "and entry {code}";
export const myAccount = "My account";
export const aboutMyAccount = "Details, password, authenticator app and service providers";

// Logging out.
export const logOutOf = (name: string, place: string): string => `Log out of ${name}, ${place}`;
export const logOutOfCount = (count: number): string => `Log out of all ${count} accounts?`;
export const whatLogOutDoes =
  "Their sessions end at Userfront and their tokens are deleted here. You can log in again at any time.";
export const logOutOfSome = (count: number): string => `Log out of ${countAccounts(count)}?`;
export const logOutOfTenant = (tenant: string): string => `Log out of all in ${tenant}`;
export const accountsToLogOutOf = "Accounts to log out of";
