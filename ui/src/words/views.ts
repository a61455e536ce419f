// Words of the start, of the cover, and of the window's foot.

export const openingAccounts = "Opening your accounts";
export const moreViews = "More";
export const activity = "Activity";
export const settings = "Settings";

// The cover.
export const accountsHidden = "Your accounts are hidden";
export const whyHidden = "The screen was locked, or this computer was idle.";
export const show = "Show";

/** The view itself failed. */
export const viewFailed = "This view cannot be shown";
export const internalError = [
  "Something went wrong inside this app.",
  "Try again, or restart the app.",
] as const;
