// The bridge to Rust, and the only file that imports @tauri-apps.
//
// Rust sends whole snapshots, the window sends commands. A command returns nothing; one that fails rejects
// with an `IpcError`. No token crosses here in either direction. Passwords, codes and links cross once, on
// their way out.

import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { CodeChannel } from "./bindings/CodeChannel";
import type { Command } from "./bindings/Command";
import type { Redirect } from "./bindings/Redirect";
import type { SettingsChange } from "./bindings/SettingsChange";
import type { SignUpWay } from "./bindings/SignUpWay";
import type { Snapshot } from "./bindings/Snapshot";

/** The commands belong to a plugin of the shell's; `build.rs` says why. */
const send = <T>(command: Command, args?: Record<string, unknown>): Promise<T> =>
  invoke(`plugin:accounts|${command}`, args);

/** Calls `take` with every snapshot that Rust sends. Returns a function that stops it. */
export const onSnapshot = (take: (snapshot: Snapshot) => void): Promise<() => void> =>
  listen<Snapshot>("snapshot", (event) => take(event.payload));

/** The present snapshot. */
export const snapshot = (): Promise<Snapshot> => send("snapshot");

/** Asks a tenant for its first factors; the login view then shows them. */
export const chooseTenant = (tenantId: string, apiUrl: string, domain: string): Promise<void> =>
  send("choose_tenant", { tenantId, apiUrl, domain });

/** Returns to the choice of a tenant. */
export const changeTenant = (): Promise<void> => send("change_tenant");

/** Logs in to the chosen tenant with a password. */
export const logIn = (emailOrUsername: string, password: string): Promise<void> =>
  send("log_in", { emailOrUsername, password });

/** Shows the form of another first factor. */
export const chooseFactor = (strategy: string, channel: string, providerId: string | null): Promise<void> =>
  send("choose_factor", { strategy, channel, providerId });

/** Sends a link by e-mail to log in with. */
export const sendLink = (email: string): Promise<void> => send("send_link", { email });

/** Sends a code by the shown factor's channel. An empty address means the one that the server knows. */
export const sendCode = (address: string): Promise<void> => send("send_code", { address });

/** Sends the last link or code again. */
export const sendAgain = (): Promise<void> => send("send_again");

/** Logs in with the code that was sent, as the first or second factor. */
export const confirmCode = (code: string): Promise<void> => send("confirm_code", { code });

/** Logs in with a code of the authenticator app. The name is empty for a second factor. */
export const logInWithTotp = (emailOrUsername: string, code: string): Promise<void> =>
  send("log_in_with_totp", { emailOrUsername, code });

/** Logs in with a backup code, which is then used up. The name is empty for a second factor. */
export const logInWithBackupCode = (emailOrUsername: string, code: string): Promise<void> =>
  send("log_in_with_backup_code", { emailOrUsername, code });

/** Uses a link that was pasted. */
export const useLink = (link: string): Promise<void> => send("use_link", { link });

/** Uses the link that test mode shows instead of sending it. */
export const followTestLink = (): Promise<void> => send("follow_test_link");

/** Uses the link that the dialog asked about, if no other has replaced it. */
export const takeArrivedLink = (id: number): Promise<void> => send("take_arrived_link", { id });

/** Discards the link that the dialog asked about; a newer one stays. */
export const ignoreArrivedLink = (id: number): Promise<void> => send("ignore_arrived_link", { id });

/** Opens the shown factor's provider in the system's browser. A custom provider may need its ID. */
export const logInWithProvider = (providerId: string): Promise<void> =>
  send("log_in_with_provider", { providerId });

/** Opens the provider's address in the browser again. */
export const openProviderAgain = (): Promise<void> => send("open_provider_again");

/** Chooses a second factor: sends its code, or shows its set-up. */
export const chooseSecondFactor = (strategy: string, channel: string): Promise<void> =>
  send("choose_second_factor", { strategy, channel });

/** Shows the sign-up form. */
export const showSignUp = (way: SignUpWay): Promise<void> => send("show_sign_up", { way });

/** Signs up with a password. Empty texts mean none. */
export const signUp = (name: string, username: string, email: string, password: string): Promise<void> =>
  send("sign_up", { name, username, email, password });

/** Signs up with a link or code that is sent to an e-mail address or a phone number. */
export const signUpWith = (way: SignUpWay, name: string, username: string, address: string): Promise<void> =>
  send("sign_up_with", { way, name, username, address });

/** Shows the form for a forgotten password. */
export const showForgottenPassword = (): Promise<void> => send("show_forgotten_password");

/** Sends a link by e-mail to choose a new password with. */
export const sendResetLink = (email: string): Promise<void> => send("send_reset_link", { email });

/** Saves the new password, and logs in. */
export const resetPassword = (password: string): Promise<void> => send("reset_password", { password });

/** Goes one step back in the log-in. */
export const leaveStep = (): Promise<void> => send("leave_step");

/** Shows the login view for an account that has to log in again, filled in. */
export const logInAgain = (account: string): Promise<void> => send("log_in_again", { account });

/** Asks Userfront for the user's own details, and shows them. */
export const showProfile = (account: string): Promise<void> => send("show_profile", { account });

/** Changes the user's own details. Empty texts mean none. `data` is a JSON object. */
export const saveProfile = (
  account: string,
  name: string,
  username: string,
  image: string,
  data: string,
): Promise<void> => send("save_profile", { account, name, username, image, data });

export const changePassword = (account: string, existing: string, password: string): Promise<void> =>
  send("change_password", { account, existing, password });

/** Begins to set up an authenticator app. */
export const setUpTotp = (account: string): Promise<void> => send("set_up_totp", { account });

/** Finishes the set-up with a code of the app. */
export const confirmTotp = (account: string, code: string): Promise<void> =>
  send("confirm_totp", { account, code });

/** Cancels the set-up. */
export const leaveTotp = (): Promise<void> => send("leave_totp");

/** Saves the backup codes to a file; the notice names it. */
export const saveBackupCodes = (): Promise<void> => send("save_backup_codes");

/** Sends a link to a new e-mail address, or a code to a new phone number. */
export const sendVerification = (account: string, channel: CodeChannel, address: string): Promise<void> =>
  send("send_verification", { account, channel, address });

/** Changes the e-mail address by the link that was sent to the new one. */
export const confirmEmail = (account: string, link: string): Promise<void> =>
  send("confirm_email", { account, link });

/** Changes the phone number by the code that was sent to the new one. */
export const confirmPhone = (account: string, code: string): Promise<void> =>
  send("confirm_phone", { account, code });

/** Cancels the change of an address. */
export const leaveVerification = (): Promise<void> => send("leave_verification");

/** Completes the log-in at a SAML service provider in the browser. */
export const completeSamlLogIn = (account: string): Promise<void> =>
  send("complete_saml_log_in", { account });

/** Completes the log-out at a SAML service provider in the browser. The account stays logged in. */
export const completeSamlLogOut = (account: string): Promise<void> =>
  send("complete_saml_log_out", { account });

/** Refreshes the tokens now. */
export const refresh = (account: string): Promise<void> => send("refresh", { account });

/** Shows the accounts again that were hidden while the user was away. */
export const uncover = (): Promise<void> => send("uncover");

/** Closes the window, as the desktop's button does. */
export const closeWindow = (): Promise<void> => send("close_window");

/** Ends the app, as soon as work under way is done. */
export const quit = (): Promise<void> => send("quit");

/** Has Rust copy the account's access token to the clipboard. */
export const copyToken = (account: string): Promise<void> => send("copy_token", { account });

/**
 * Logs an account out. `redirect` is a path, `true` for the server's or tenant's choice, or `false` to stay.
 */
export const logOut = (account: string, redirect: Redirect = true): Promise<void> =>
  send("log_out", { account, redirect });

/** Logs several accounts out, and shows what came of each. */
export const logOutSeveral = (accounts: string[]): Promise<void> => send("log_out_several", { accounts });

/** As `logOutSeveral`, of every account. */
export const logOutAll = (): Promise<void> => send("log_out_all");

/** Logs an account out as soon as the keyring is unlocked. */
export const logOutOnceUnlocked = (account: string): Promise<void> =>
  send("log_out_once_unlocked", { account });

/** Removes an account from the list and leaves its tokens, which cannot be reached, in the keyring. */
export const forget = (account: string): Promise<void> => send("forget", { account });

/** Retries a pending revocation now. */
export const retryRevocation = (id: string): Promise<void> => send("retry_revocation", { id });

/** Discards a pending revocation, and deletes its token. */
export const discardRevocation = (id: string): Promise<void> => send("discard_revocation", { id });

/** Makes a foreign sign-in an account of this list, and shows it. The API URL and the domain may be empty. */
export const takeOver = (entry: string, apiUrl: string, domain: string): Promise<void> =>
  send("take_over", { entry, apiUrl, domain });

/** Logs out of a foreign sign-in. The API URL and the domain may be empty. */
export const logOutForeign = (entry: string, apiUrl: string, domain: string): Promise<void> =>
  send("log_out_foreign", { entry, apiUrl, domain });

/** Leaves a foreign sign-in as it is. */
export const leaveForeign = (entry: string): Promise<void> => send("leave_foreign", { entry });

/** Asks about a foreign sign-in again that was left. */
export const undoLeave = (entry: string): Promise<void> => send("undo_leave", { entry });

/**
 * Allows a log-in to replace the account's foreign sign-in. `repeats` says that the same log-in is tried
 * again now.
 */
export const replaceForeign = (account: string, repeats: boolean): Promise<void> =>
  send("replace_foreign", { account, repeats });

/** Tells Rust that the network is back. */
export const networkReturned = (): Promise<void> => send("network_returned");

/** Returns the place at which the account is shown. */
export const switchAccount = (account: string): Promise<number> => send("switch_account", { account });

/** Shows the account that was shown before, at the place that it returns. */
export const switchBack = (): Promise<number> => send("switch_back");

/** Moves an account to the top of the list, or back to its tenant. */
export const setPinned = (account: string, pinned: boolean): Promise<void> =>
  send("set_pinned", { account, pinned });

/** Shows the login view for one more account. */
export const addAccount = (): Promise<void> => send("add_account");

/** Returns from the login view to the account view. */
export const leaveLogin = (): Promise<void> => send("leave_login");

/** Has the keyring ask the user for its password. */
export const unlockKeyring = (): Promise<void> => send("unlock_keyring");

/** Retries everything that is pending: start-up, pending revocations, leftover entries. */
export const retry = (): Promise<void> => send("retry");

export const showAccounts = (): Promise<void> => send("show_accounts");

export const showActivity = (): Promise<void> => send("show_activity");

export const showSettings = (): Promise<void> => send("show_settings");

/** Returns from the accounts, the activity or the settings. */
export const leaveView = (): Promise<void> => send("leave_view");

/** Opens the folder of the last saved file. */
export const openFolder = (): Promise<void> => send("open_folder");

/** Saves the activity to a file; the notice names it. */
export const exportActivity = (): Promise<void> => send("export_activity");

/** Changes the given settings; the others stay. */
export const setSettings = (change: SettingsChange): Promise<void> => send("set_settings", { change });

/** Opens the page that the notice of a log-out offers in the browser. */
export const openInBrowser = (): Promise<void> => send("open_in_browser");

export const dismissNotice = (): Promise<void> => send("dismiss_notice");

/** An account's picture as a `data:` URL, or null. */
export const picture = (account: string): Promise<string | null> => send("picture", { account });
