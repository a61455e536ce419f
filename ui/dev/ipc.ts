// Stands in for src/ipc.ts while a designer looks at the window without Rust: `?state=` chooses what it shows, `?error=`
// what every command fails with, `?click=` what is clicked at once. Commands take a second and are written to the console.

import type { Snapshot } from "../src/bindings/Snapshot";
import { errors, large, states } from "./states";

const asked = new URLSearchParams(location.search);
const shown = { ...states, ...large }[asked.get("state") ?? ""] ?? states.tenant;
const error = Object.entries(errors).find(([name]) => name === asked.get("error"))?.[1];

// A question is no state of Rust's: it is asked by the window.
setTimeout(() => {
  for (const testid of asked.getAll("click")) document.querySelector<HTMLElement>(`[data-testid="${testid}"]`)?.click();
}, 500);

document.documentElement.dir = asked.get("dir") ?? "";

const command =
  (name: string) =>
  async (...given: unknown[]): Promise<void> => {
    console.info(name, ...given.map((_, index) => `argument ${index + 1}`));
    await new Promise((done) => setTimeout(done, error ? 50 : 1000));
    if (error) throw error;
  };

export const onSnapshot = async (_take: (snapshot: Snapshot) => void): Promise<() => void> => {
  return () => {};
};

export const snapshot = async (): Promise<Snapshot> => {
  if (!shown) throw new Error("no such state");
  return shown;
};

export const chooseTenant = command("choose_tenant");
export const changeTenant = command("change_tenant");
export const logIn = command("log_in");
export const chooseFactor = command("choose_factor");
export const sendLink = command("send_link");
export const sendCode = command("send_code");
export const sendAgain = command("send_again");
export const confirmCode = command("confirm_code");
export const logInWithTotp = command("log_in_with_totp");
export const logInWithBackupCode = command("log_in_with_backup_code");
export const useLink = command("use_link");
export const followTestLink = command("follow_test_link");
export const takeArrivedLink = command("take_arrived_link");
export const ignoreArrivedLink = command("ignore_arrived_link");
export const logInWithProvider = command("log_in_with_provider");
export const openProviderAgain = command("open_provider_again");
export const chooseSecondFactor = command("choose_second_factor");
export const showSignUp = command("show_sign_up");
export const signUp = command("sign_up");
export const signUpWith = command("sign_up_with");
export const showForgottenPassword = command("show_forgotten_password");
export const sendResetLink = command("send_reset_link");
export const resetPassword = command("reset_password");
export const leaveStep = command("leave_step");
export const logInAgain = command("log_in_again");
export const showProfile = command("show_profile");
export const saveProfile = command("save_profile");
export const changePassword = command("change_password");
export const setUpTotp = command("set_up_totp");
export const confirmTotp = command("confirm_totp");
export const leaveTotp = command("leave_totp");
export const saveBackupCodes = command("save_backup_codes");
export const sendVerification = command("send_verification");
export const confirmEmail = command("confirm_email");
export const confirmPhone = command("confirm_phone");
export const leaveVerification = command("leave_verification");
export const completeSamlLogIn = command("complete_saml_log_in");
export const completeSamlLogOut = command("complete_saml_log_out");
export const refresh = command("refresh");
export const logOut = command("log_out");
export const logOutAll = command("log_out_all");
export const logOutOnceUnlocked = command("log_out_once_unlocked");
export const forget = command("forget");
export const retryRevocation = command("retry_revocation");
export const discardRevocation = command("discard_revocation");
export const takeOver = command("take_over");
export const logOutForeign = command("log_out_foreign");
export const leaveForeign = command("leave_foreign");
export const undoLeave = command("undo_leave");
export const replaceForeign = command("replace_foreign");
export const networkReturned = command("network_returned");
export const switchAccount = command("switch_account");
export const addAccount = command("add_account");
export const leaveLogin = command("leave_login");
export const unlockKeyring = command("unlock_keyring");
export const retry = command("retry");
export const showAccounts = command("show_accounts");
export const showActivity = command("show_activity");
export const showSettings = command("show_settings");
export const leaveView = command("leave_view");
export const openFolder = command("open_folder");
export const exportActivity = command("export_activity");
export const setProbe = command("set_probe");
export const openInBrowser = command("open_in_browser");
export const dismissNotice = command("dismiss_notice");

/** A face in two colours, drawn here, since a picture is never an SVG. */
export const picture = async (): Promise<string | null> => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 128;
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  pen.fillStyle = "#c9d7c4";
  pen.fillRect(0, 0, 128, 128);
  pen.fillStyle = "#4d6b57";
  for (const [y, radius] of [
    [52, 26],
    [132, 48],
  ] as const) {
    pen.beginPath();
    pen.arc(64, y, radius, 0, 7);
    pen.fill();
  }
  return canvas.toDataURL();
};
