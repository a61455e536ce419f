// Words of the activity's and of the settings' views.

import type { ActivityEvent } from "../bindings/ActivityEvent";
import type { Missing } from "../bindings/Missing";
import type { MissingReason } from "../bindings/MissingReason";
import type { Settings } from "../bindings/Settings";
import { plainEventWords } from "./activity";
import { factOf } from "./causes";

// Activity.
/** The event, and its result. */
export const eventWords = (event: ActivityEvent): readonly string[] =>
  event.kind === "logOutFailed" ? ["Log-out failed", factOf(event.reason)] : plainEventWords(event);
export const exportJson = "Export as JSON";
export const activityProblem = "The activity cannot be read.";
export const aboutActivity =
  "What this app and its command line did on this computer. No token is in it, only their hashes.";
export const activityLatestFirst = "Activity, the latest first";
export const noActivity = "Nothing has been done yet. Log-ins and log-outs will be listed here.";
export const asksForAttention = "Asks for attention";
export const asksForAttentionHeard = "Asks for attention:";
export const token = "token {hash}";
export const startOfHash = "The start of the token's SHA-256";
export const byProgram = (by: string): string => (by === "app" ? "by this app" : "by the command line");

// Settings.
type AboutSetting<Value> = {
  /** The heading that it is under. */
  group: string;
  label: string;
  text: (keyring: string, missing: MissingReason | null) => string;
  /** It does nothing where the desktop lacks this. */
  needs?: keyof Missing;
} & (Value extends string ? { choices: Record<Value, string> } : { choices?: undefined });
const missing: Record<keyof Missing, Record<Exclude<MissingReason, "turnedOff">, string>> = {
  tray: {
    notOnThisDesktop: "This desktop shows no tray.",
    notOnThisSystem: "This app has no tray on this system yet.",
  },
  notifications: {
    notOnThisDesktop: "This desktop shows no notifications.",
    notOnThisSystem: "This app shows no notifications on this system yet.",
  },
  idle: {
    notOnThisDesktop: "Nothing here tells this app when you are away: it needs logind (systemd or elogind).",
    notOnThisSystem: "This app does not notice on this system when you are away.",
  },
};
/** Why a setting does nothing. */
export const whyMissing = (what: keyof Missing, reason: MissingReason): string =>
  reason === "turnedOff" ? "The tray is turned off." : missing[what][reason];
/** In the order of the view. A setting without words here does not compile. */
export const aboutSettings: { [Name in keyof Settings]: AboutSetting<Settings[Name]> } = {
  theme: {
    group: "Appearance",
    label: "Colours",
    text: () => "As your desktop says, or always the same.",
    choices: { system: "As the desktop", light: "Light", dark: "Dark" },
  },
  tray: {
    group: "Tray",
    label: "Show in the tray",
    text: (_, missing) =>
      missing === "notOnThisSystem"
        ? ""
        : "On a desktop that has one. GNOME needs an extension for it, such as AppIndicator Support.",
    needs: "tray",
  },
  closeToTray: {
    group: "Tray",
    label: "Keep running in the tray when the window is closed",
    text: () =>
      "This app then keeps trying to end pending sessions while the window is closed. Ctrl+Q still ends " +
      "it.",
    needs: "tray",
  },
  startAtLogin: {
    group: "Tray",
    label: "Start at login, in the tray",
    text: () => "This app then keeps trying to end pending sessions without your opening it.",
    needs: "tray",
  },
  notifySessionEnded: {
    group: "Notifications",
    label: "Userfront ended a session",
    text: () => "Your desktop shows a notification while this window is not in front.",
    needs: "notifications",
  },
  notifyEndsSoon: {
    group: "Notifications",
    label: "A session ends soon and cannot be renewed",
    text: () => "Ten minutes before its end.",
    needs: "notifications",
  },
  notifyRevocations: {
    group: "Notifications",
    label: "A pending session is over, or needs you",
    text: () => "Also when the keyring has to be unlocked first, or a tenant's domain is missing.",
    needs: "notifications",
  },
  copyToken: {
    group: "Clipboard",
    label: "Offer to copy access tokens",
    text: () =>
      "A copied token is marked as a secret, which most clipboard histories respect. It is cleared after " +
      "30 seconds, at the account's log-out and when this app ends. Other programs can read it until then.",
  },
  hideWhenIdle: {
    group: "Privacy",
    label: "Hide accounts while you are away",
    text: () =>
      "When the screen is locked or this computer is idle, the window shows nothing of your accounts until " +
      "you click Show. What you have typed into a form is then lost. A screen locker that tells logind " +
      "nothing is not noticed. This protects from eyes, not from other programs.",
    needs: "idle",
  },
  verifyRevocation: {
    group: "Logging out",
    label: "After logging out, check once that the session is over",
    text: (keyring) =>
      "This app asks Userfront once more with the tokens that were just revoked: up to three calls, one of " +
      "which tries to renew the session. It does so in the background, from memory: the tokens are gone " +
      `from ${keyring} by then. If the session is still alive, it is listed and ended again. If only its ` +
      "access token is still accepted, you see until when.",
  },
};
export const on = "On";
export const off = "Off";
