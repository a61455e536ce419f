// The bridge to Rust, and the only file that imports @tauri-apps.
//
// State comes in as whole snapshots, commands go out; a command answers nothing but that it is done. What fails rejects
// with an `IpcError`. No token crosses here in either direction; the password does, once, on its way out.

import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Redirect } from "./bindings/Redirect";
import type { Snapshot } from "./bindings/Snapshot";

/** The commands belong to a plugin of the shell's; `build.rs` says why. */
const send = <T>(command: string, args?: Record<string, unknown>): Promise<T> =>
  invoke(`plugin:accounts|${command}`, args);

/** Calls `take` with every snapshot that Rust sends. Answers with what ends that. */
export const onSnapshot = (take: (snapshot: Snapshot) => void): Promise<() => void> =>
  listen<Snapshot>("snapshot", (event) => take(event.payload));

/** The snapshot of now. */
export const snapshot = (): Promise<Snapshot> => send("snapshot");

/** Asks a tenant for its ways in; the login view then shows them. */
export const chooseTenant = (tenantId: string, apiUrl: string, domain: string): Promise<void> =>
  send("choose_tenant", { tenantId, apiUrl, domain });

/** Back to the question which tenant. */
export const changeTenant = (): Promise<void> => send("change_tenant");

/** Logs in with a password to the tenant that is chosen. */
export const logIn = (emailOrUsername: string, password: string): Promise<void> =>
  send("log_in", { emailOrUsername, password });

/** Logs an account out, and goes where `redirect` says: a path, wherever the server or the tenant says, or nowhere. */
export const logOut = (account: string, redirect: Redirect = true): Promise<void> =>
  send("log_out", { account, redirect });

/** Logs every account out. */
export const logOutAll = (): Promise<void> => send("log_out_all");

/** Has an account logged out as soon as the keyring is unlocked. */
export const logOutOnceUnlocked = (account: string): Promise<void> => send("log_out_once_unlocked", { account });

/** Takes an account off the list although its tokens are out of reach; they stay where they are. */
export const forget = (account: string): Promise<void> => send("forget", { account });

/** Asks the server now to end the session of a pending revocation. */
export const retryRevocation = (id: string): Promise<void> => send("retry_revocation", { id });

/** Gives a pending revocation up: deletes its token. */
export const discardRevocation = (id: string): Promise<void> => send("discard_revocation", { id });

/** Tells that the network is back, which is a good time to try again. */
export const networkReturned = (): Promise<void> => send("network_returned");

/** Shows another account. */
export const switchAccount = (account: string): Promise<void> => send("switch_account", { account });

/** Shows the login view, to log in to one more account. */
export const addAccount = (): Promise<void> => send("add_account");

/** Back from the login view to the account view. */
export const leaveLogin = (): Promise<void> => send("leave_login");

/** Has the user asked for the keyring's password. */
export const unlockKeyring = (): Promise<void> => send("unlock_keyring");

/** Tries again what is owed: restoring, pending revocations, remnants. */
export const retry = (): Promise<void> => send("retry");

/** Shows every account. */
export const showAccounts = (): Promise<void> => send("show_accounts");

/** Shows what was done. */
export const showActivity = (): Promise<void> => send("show_activity");

/** Shows what the user can choose. */
export const showSettings = (): Promise<void> => send("show_settings");

/** Back from accounts, activity or settings. */
export const leaveView = (): Promise<void> => send("leave_view");

/** Writes the activity to a file; the notice says where. */
export const exportActivity = (): Promise<void> => send("export_activity");

/** Chooses whether Userfront is asked after a log-out if the token still works. */
export const setProbe = (probe: boolean): Promise<void> => send("set_probe", { probe });

/** Opens in a browser what the notice of a log-out offers. */
export const openInBrowser = (): Promise<void> => send("open_in_browser");

/** Takes the notice away. */
export const dismissNotice = (): Promise<void> => send("dismiss_notice");

/** An account's picture as a `data:` URL, or null. */
export const picture = (account: string): Promise<string | null> => send("picture", { account });
