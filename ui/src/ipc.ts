// The bridge to Rust, and the only file that imports @tauri-apps.
//
// State comes in as whole snapshots, commands go out; a command answers nothing but that it is done. What fails rejects
// with an `IpcError`. No token crosses here in either direction; passwords, codes and links do, once, on their way out.

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

/** Shows the form of another first factor. */
export const chooseFactor = (strategy: string, channel: string, providerId: string | null): Promise<void> =>
  send("choose_factor", { strategy, channel, providerId });

/** Has a link sent by e-mail, to log in with. */
export const sendLink = (email: string): Promise<void> => send("send_link", { email });

/** Has a code sent, by the channel of the factor that is shown. Without an address: to the one that the server knows. */
export const sendCode = (address: string): Promise<void> => send("send_code", { address });

/** Sends once more what was sent last: the link or the code. */
export const sendAgain = (): Promise<void> => send("send_again");

/** Logs in with the code that was sent, or gives it as the second factor. */
export const confirmCode = (code: string): Promise<void> => send("confirm_code", { code });

/** Logs in with a code of the authenticator app. As the second factor it needs no name. */
export const logInWithTotp = (emailOrUsername: string, code: string): Promise<void> =>
  send("log_in_with_totp", { emailOrUsername, code });

/** Logs in with a backup code, which is then used up. As the second factor it needs no name. */
export const logInWithBackupCode = (emailOrUsername: string, code: string): Promise<void> =>
  send("log_in_with_backup_code", { emailOrUsername, code });

/** Uses a link that was pasted. */
export const useLink = (link: string): Promise<void> => send("use_link", { link });

/** Uses the link that test mode shows instead of sending it. */
export const followTestLink = (): Promise<void> => send("follow_test_link");

/** Uses the link that was asked about, if it still is the one that waits. */
export const takeArrivedLink = (id: number): Promise<void> => send("take_arrived_link", { id });

/** Throws the link away that was asked about; another one stays. */
export const ignoreArrivedLink = (id: number): Promise<void> => send("ignore_arrived_link", { id });

/** Opens the provider of the factor that is shown in the system's browser. A custom one may need its ID. */
export const logInWithProvider = (providerId: string): Promise<void> => send("log_in_with_provider", { providerId });

/** Opens the same address in the browser once more. */
export const openProviderAgain = (): Promise<void> => send("open_provider_again");

/** Chooses a second factor; what has to be sent is sent, what has to be set up is shown. */
export const chooseSecondFactor = (strategy: string, channel: string): Promise<void> =>
  send("choose_second_factor", { strategy, channel });

/** Shows the form of a new user. */
export const showSignUp = (way: SignUpWay): Promise<void> => send("show_sign_up", { way });

/** Signs up with a password. Empty: none. */
export const signUp = (name: string, username: string, email: string, password: string): Promise<void> =>
  send("sign_up", { name, username, email, password });

/** Signs up with a link or a code, which is sent to an e-mail address or a phone number. */
export const signUpWith = (way: SignUpWay, name: string, username: string, address: string): Promise<void> =>
  send("sign_up_with", { way, name, username, address });

/** Shows the form for a forgotten password. */
export const showForgottenPassword = (): Promise<void> => send("show_forgotten_password");

/** Has a link sent by e-mail, to choose a new password with. */
export const sendResetLink = (email: string): Promise<void> => send("send_reset_link", { email });

/** Chooses the new password, and logs in. */
export const resetPassword = (password: string): Promise<void> => send("reset_password", { password });

/** One step back in the log-in. */
export const leaveStep = (): Promise<void> => send("leave_step");

/** Shows the login view of an account's tenant, filled in, since the account has to log in again. */
export const logInAgain = (account: string): Promise<void> => send("log_in_again", { account });

/** Shows the user's own details; asks Userfront for them. */
export const showProfile = (account: string): Promise<void> => send("show_profile", { account });

/** Changes the user's own details. Empty: none. `data` is a JSON object. */
export const saveProfile = (
  account: string,
  name: string,
  username: string,
  image: string,
  data: string,
): Promise<void> => send("save_profile", { account, name, username, image, data });

/** Changes the password. */
export const changePassword = (account: string, existing: string, password: string): Promise<void> =>
  send("change_password", { account, existing, password });

/** Begins to set up an authenticator app. */
export const setUpTotp = (account: string): Promise<void> => send("set_up_totp", { account });

/** Ends the set-up with a code of that app. */
export const confirmTotp = (account: string, code: string): Promise<void> => send("confirm_totp", { account, code });

/** Gives the set-up up. */
export const leaveTotp = (): Promise<void> => send("leave_totp");

/** Writes the backup codes that are shown to a file; the notice says where. */
export const saveBackupCodes = (): Promise<void> => send("save_backup_codes");

/** Has a link sent to another e-mail address, or a code to another phone number. */
export const sendVerification = (account: string, channel: CodeChannel, address: string): Promise<void> =>
  send("send_verification", { account, channel, address });

/** Changes the e-mail address by the link that was sent to the new one. */
export const confirmEmail = (account: string, link: string): Promise<void> => send("confirm_email", { account, link });

/** Changes the phone number by the code that was sent to the new one. */
export const confirmPhone = (account: string, code: string): Promise<void> => send("confirm_phone", { account, code });

/** Leaves the address as it is. */
export const leaveVerification = (): Promise<void> => send("leave_verification");

/** Completes the log-in at a SAML service provider in the browser. */
export const completeSamlLogIn = (account: string): Promise<void> => send("complete_saml_log_in", { account });

/** Completes the log-out at a SAML service provider in the browser. The account stays logged in. */
export const completeSamlLogOut = (account: string): Promise<void> => send("complete_saml_log_out", { account });

/** Gets new tokens now. */
export const refresh = (account: string): Promise<void> => send("refresh", { account });

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

/** Makes a sign-in in the keyring an account of this list, and shows it. Empty: no API URL, no domain. */
export const takeOver = (entry: string, apiUrl: string, domain: string): Promise<void> =>
  send("take_over", { entry, apiUrl, domain });

/** Logs out of a sign-in in the keyring that is not in this list. Empty: no API URL, no domain. */
export const logOutForeign = (entry: string, apiUrl: string, domain: string): Promise<void> =>
  send("log_out_foreign", { entry, apiUrl, domain });

/** Leaves a sign-in in the keyring as it is. */
export const leaveForeign = (entry: string): Promise<void> => send("leave_foreign", { entry });

/** Asks about a sign-in again that was left as it is. */
export const undoLeave = (entry: string): Promise<void> => send("undo_leave", { entry });

/**
 * From now on a log-in to this account ends the session that the keyring holds of it. `repeats`: the same log-in is
 * tried once more at once.
 */
export const replaceForeign = (account: string, repeats: boolean): Promise<void> =>
  send("replace_foreign", { account, repeats });

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

/** Tries everything again that failed or waits. */
export const retry = (): Promise<void> => send("retry");

/** Shows every account. */
export const showAccounts = (): Promise<void> => send("show_accounts");

/** Shows what was done. */
export const showActivity = (): Promise<void> => send("show_activity");

/** Shows what the user can choose. */
export const showSettings = (): Promise<void> => send("show_settings");

/** Back from accounts, activity or settings. */
export const leaveView = (): Promise<void> => send("leave_view");

/** Shows the folder of the file that was saved last. */
export const openFolder = (): Promise<void> => send("open_folder");

/** Writes the activity to a file; the notice says where. */
export const exportActivity = (): Promise<void> => send("export_activity");

/** Changes the settings that are given; the others stay. */
export const setSettings = (change: SettingsChange): Promise<void> => send("set_settings", { change });

/** Opens in a browser what the notice of a log-out offers. */
export const openInBrowser = (): Promise<void> => send("open_in_browser");

/** Takes the notice away. */
export const dismissNotice = (): Promise<void> => send("dismiss_notice");

/** An account's picture as a `data:` URL, or null. */
export const picture = (account: string): Promise<string | null> => send("picture", { account });
