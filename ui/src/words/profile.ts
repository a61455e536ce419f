// Words of the user's own account: details, addresses, password, authenticator app, roles, service providers.

import type { CodeChannel } from "../bindings/CodeChannel";
import { locale } from "./locale";

export const askingForDetails = "Asking Userfront for your details…";
export const detailsMissing = "Your details are not here.";
export const noAnswerCame = "Userfront was asked for them, and no answer came.";
export const accountIsGone = "This account is no longer on this computer.";
export const none = "None";
export const confirm = "Confirm";
export const confirmingReplacesSession = "Confirming replaces your current session with a new one.";

// Details.
export const yourDetails = "Your details";
export const aboutDetails = "What Userfront keeps about you at {tenant}.";
export const picture = "Picture";
export const pictureHint = "An address that starts with https://. Without one, your initials are shown.";
export const fullName = "Full name";
export const username = "User name";
export const customData = "Custom data";
export const customDataHint = "A JSON object, for whatever your tenant keeps about you.";
export const format = "Format";
export const bytes = (count: number): string =>
  count === 1 ? "1 byte" : `${count.toLocaleString(locale)} bytes`;
export const save = "Save";
export const discardChanges = "Discard changes";
export const noChanges = "No changes to save";
export const leaveWithoutSaving = "Leave without saving?";
export const changesAreLost =
  "What you have changed in your details is not saved yet, and is lost when you leave.";

// Addresses.
export const addresses = "E-mail address and phone number";
export const aboutAddresses = "A new one counts once you have used what Userfront sends to it.";
export const usingLinkReplacesSession = "Using the link replaces your current session with a new one.";

type Of = "email" | "phone";
export const newAddress: Record<Of, string> = { email: "New e-mail address", phone: "New phone number" };
export const sendTo: Record<Of, string> = { email: "Send a link", phone: "Send a code" };
export const add = "Add";
export const changeButton = "Change";
export const addAddress: Record<Of, string> = {
  email: "Add the e-mail address",
  phone: "Add the phone number",
};
export const changeAddress: Record<Of, string> = {
  email: "Change the e-mail address",
  phone: "Change the phone number",
};

export const linkWasSentTo = "Userfront sent a link to {address}.";
export const codeWasSentTo = "Userfront sent a code to {address}.";
export const oldAddressStays = {
  email: "Until you use the link, your e-mail address stays {address}.",
  sms: "Until you use the code, your phone number stays {address}.",
} as const satisfies Record<CodeChannel, string>;
export const noMailTo = (address: string): string => `No mail was sent to ${address}. The link is here:`;
export const noTextTo = (address: string): string =>
  `No text message was sent to ${address}. The code is here:`;

// Password.
export const aboutPassword =
  "You stay logged in with the new one. If you have none yet or forgot it, the login screen can send you " +
  "a link to choose one.";
export const existingPassword = "Existing password";
export const changePassword = "Change password";

// Authenticator app.
export const authenticatorApp = "Authenticator app";
export const aboutAuthenticatorApp =
  "An app on your phone whose codes prove, when you log in, that it is you.";
export const setUp = "Set up";
export const totpKey = "1. Give your authenticator app the key";
export const scanPicture = "Scan this picture with the app, or type the key below it.";
export const qrCode = "QR code of the key below";
export const typeKey = "Type this key into the app, or copy it.";
export const backupCodes = "2. Keep the backup codes";
export const backupCodesHint = "Each logs you in once without the app. They are not shown again.";
export const print = "Print";
export const notPrinted = "Nothing could be printed here. Save the codes instead.";
export const keepFileSafe = "Whoever reads that file can use them: keep it somewhere safe.";
export const typeCode = (part: number): string => `${part}. Type the code that the app shows`;
export const printedCodes = (of: string | undefined): string =>
  `Backup codes${of ? ` for ${of}` : ""}, each good for one log-in:`;

// Roles.
export const rolesByTenant = "Roles by tenant";
export const whoGivesRoles = "Given by whoever runs the tenant.";
export const noRole = "You have no role in any tenant.";

// Service providers.
export const serviceProviders = "Service providers (SAML)";
export const aboutServiceProviders = "Sites that take your log-in from Userfront.";
export const samlNeedsLive = "SAML exists in live mode only, and this account is in test mode.";
export const saml = {
  logIn: {
    action: "Complete log-in",
    about: "Tells a service provider that is waiting for it, in your browser, that you are logged in.",
  },
  logOut: {
    action: "Complete log-out",
    about: "Ends your session at a service provider, in your browser. You stay logged in here.",
  },
};
