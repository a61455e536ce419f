// Words of the smaller views: start, activity, settings; and of the window's foot.

export const openingAccounts = "Opening your accounts";
export const moreViews = "More";

// Activity.
export const activity = "Activity";
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
export const settings = "Settings";
export const loggingOut = "Logging out";
export const checkAfterLogOut = "After logging out, check once that the session is over";
export const aboutCheckAfterLogOut = (keyring: string): string =>
  "This app asks Userfront once more with the tokens that were just revoked: up to three calls, one of " +
  "which tries to renew the session. It does so in the background, from memory: the tokens are gone from " +
  `${keyring} by then. If the session is still alive, it is listed and ended again. If only its access ` +
  "token is still accepted, you see until when.";
export const on = "On";
export const off = "Off";
