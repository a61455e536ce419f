// Words for causes: why something was not done or is not known. Each cause has its fact and, if the user can
// do something, what to do.

import type { ErrorCause } from "../bindings/ErrorCause";
import { ended } from "./common";
import { type Kinds, wordsOf } from "./kinds";
import { internalError } from "./views";

const FULL = "Free some disk space or check the data folder, then try again.";
const UNREADABLE = "Check the data folder, then try again.";
const TAKE_OR_LEAVE = "Leave it, or remove it with the keyring's own program.";
const ASK_FOR_NEW = "Ask for a new link.";

const says = (message: string | null) =>
  message ? `Userfront says: ${ended(message)}` : "Userfront gave no reason that can be shown.";

const causes: Kinds<ErrorCause> = {
  tenantIdMalformed: ["A tenant ID has 1 to 64 letters, digits or hyphens, like demo1234."],
  apiUrlMalformed: ["The API URL is not a web address (one looks like https://api.userfront.com/v0/)."],
  apiUrlScheme: ["The API URL must begin with https:// (plain http:// only for 127.0.0.1 or [::1])."],
  apiUrlExtras: ["The API URL must not contain a user name, a password, a ? or a #."],
  domainMalformed: [
    "The domain is a host name such as app.example.com, without https:// and without a path.",
  ],
  accountIdMalformed: ["This is not an account ID."],
  environment: ({ variable, why }) => [`${variable} cannot be used.`, causeWords(why)],
  linkEmpty: ["There is no link here.", "Copy the whole link from the e-mail or the browser, and paste it."],
  linkTooLong: ["This is too long for a log-in link.", "Copy only the link from the e-mail or the browser."],
  notALink: ["This is not a link.", "Copy the whole link, from https:// to its end."],
  linkScheme: [
    "This link does not lead to a web page.",
    "A log-in link begins with https://, http:// or userfront-accounts:",
  ],
  linkCharacters: [
    "This link has characters in it that do not belong there.",
    "Copy it again, or ask for a new one; do not use it if it came unasked.",
  ],
  linkCredentials: ["This link has a user name before its host, as forged links do.", ASK_FOR_NEW],
  linkNamesHost: ["This link tries to choose another server, which no real one does.", ASK_FOR_NEW],
  linkLacks: ({ parameter }) => [
    `This link has no ${parameter}.`,
    "Copy all of it, to its end, or ask for a new one.",
  ],
  linkRepeats: ({ parameter }) => [`This link has more than one ${parameter}.`, ASK_FOR_NEW],
  linkDamaged: ({ parameter }) => [
    `The ${parameter} in this link is damaged.`,
    "Copy the whole link again, or ask for a new one.",
  ],
  linkOfOtherTenant: [
    "This link is for another tenant than the one you are logging in to.",
    "Nothing was sent. Choose its tenant first.",
  ],
  linkWithoutTenant: [
    "A link has come, and it is not clear for which tenant.",
    "Nothing was sent. Choose the tenant, then paste the link.",
  ],
  linkForPassword: [
    "This link is for choosing a password.",
    "Nothing was sent. Use the link that was sent to the new address.",
  ],
  notLoginAddress: [
    "This is not the address that this log-in ends at.",
    "Copy all of it: it begins with http://127.0.0.1.",
  ],
  notAnObject: ({ line, column }) => [
    `The custom data is not a JSON object (line ${line}, column ${column}).`,
    "Mend it, then save again.",
  ],
  repeatedName: ({ line, column }) => [
    `The custom data has a name twice in the same object (line ${line}, column ${column}).`,
    "Mend it, then save again.",
  ],
  pictureAddress: ["The picture's address starts with https://."],
  weakPassword: [
    "A password has at least 16 characters, or at least 8 with a letter and a number.",
    "Choose another one.",
  ],
  noProviderId: ["Which provider?", "Ask the tenant's admin for its ID, then type it here."],
  noTenant: ["Choose a tenant first."],
  otherStep: ["The log-in is at another step by now.", "Look at it, then go on from there."],
  linkGone: [
    "This link does not wait for an answer any more: it was used or ignored, or another one has come since.",
    "Nothing was sent. Open it once more if you want to use it.",
  ],
  noPage: ["There is no page to open any more."],
  notLoggedInNow: ["This account is not logged in now.", "Choose another one."],
  noLongerLoggedIn: ["This account is no longer logged in.", "Log in again."],
  notLoggedIn: ["This account is not logged in here."],
  pendingUnknown: ["There is no such pending revocation."],
  unreachable: ["The server cannot be reached.", "Check your connection, then try again."],
  noCertificates: [
    "This computer has no CA certificates, so no server can be trusted.",
    "Install them (Debian: the package ca-certificates), then try again.",
  ],
  brokeOff: ["The connection to the server broke off.", "Check your connection, then try again."],
  timedOut: ["The server did not answer in time.", "Try again in a moment."],
  unintelligible: ["What answered is not Userfront's API.", "Check the API URL, or try again later."],
  tooManyRequests: ({ seconds }) =>
    seconds === null
      ? ["The server wants us to wait.", "Try again in a minute."]
      : [
          `The server wants us to wait for ${seconds === 1 ? "a second" : `${seconds} seconds`}.`,
          "Then try again.",
        ],
  serverFault: ({ status }) => [`Userfront is unavailable (error ${status}).`, "Try again in a while."],
  refused: ({ message }) => [ended(message)],
  unknownTenant: [
    "There is no tenant with this ID.",
    "Check its spelling; the ID is in the address of your Userfront dashboard.",
  ],
  pkceRequired: [
    "This tenant asks for PKCE, which the app cannot do.",
    "Nobody was logged in. Ask the tenant's admin to allow log-in without it.",
  ],
  wrongCredentials: ["The e-mail address, user name or password is wrong.", "Check them, then try again."],
  wrongCode: ["This code is wrong, has expired or was used already.", "Check it, or have a new one sent."],
  wrongLink: [
    "This link is wrong, has expired or was used already, or is for another tenant.",
    "Have a new one sent.",
  ],
  wrongEmail: [
    "Nothing was sent: Userfront does not accept this e-mail address.",
    "Check it, then try again.",
  ],
  wrongPhone: [
    "Nothing was sent: Userfront does not accept this phone number.",
    "Check it, with its country code, then try again.",
  ],
  signUpRefused: ({ message }) => [
    "You were not signed up just now.",
    `${says(message)} ${message ? "Change that" : "Check what you entered"}, then try again.`,
  ],
  resetRefused: ({ message }) => [
    "The new password was not set just now.",
    `${says(message)} Choose another password, or go back and have a new link sent.`,
  ],
  detailsRefused: ({ message, canBeMended }) => [
    "Nothing was saved.",
    `${says(message)}${canBeMended ? " Change that, then save again." : ""}`,
  ],
  passwordRefused: ({ message }) => [
    "The password was not changed just now.",
    `${says(message)} Check both passwords, then try again.`,
  ],
  addressRefused: ({ message }) => ["Nothing was sent.", says(message)],
  addressUnchangedByCode: [
    "Userfront took this code, but your phone number is still the same.",
    "Have another code sent.",
  ],
  addressUnchangedByLink: [
    "Userfront took this link, but your e-mail address is still the same.",
    "Use the link that was sent to the new address.",
  ],
  keyringLocked: ["The keyring is locked.", "Unlock it, then try again."],
  keyringStillLocked: [
    "The keyring is still locked.",
    "Unlock it with its password, which is often the one you log in to this computer with.",
  ],
  keyringNotAllowed: ["The keyring has not allowed this app to use its entry.", "Allow it, then try again."],
  noKeyring: ["There is no keyring yet.", "Create one, then try again."],
  keyringHung: [
    "The keyring does not answer.",
    "Look for a window of the keyring's that waits for you, or restart the keyring, then try again.",
  ],
  keyringUnavailable: ["No keyring is running.", "Start GNOME Keyring or KDE Wallet, then try again."],
  keyringRefused: ["The keyring refused.", "Try again, or look at it with its own program."],
  listUnreadable: ["The account list cannot be read.", UNREADABLE],
  listUnwritable: ["The account list cannot be written.", FULL],
  listTooNew: ({ format }) => [
    `The account list was written by a newer version of this app (format ${format}).`,
    "Update the app to use it.",
  ],
  listBusy: ["Another window or program of this app is at work on it.", "Try again in a moment."],
  fileUnreadable: ({ file }) => [`${file} cannot be read.`, UNREADABLE],
  fileUnwritable: ({ file }) => [`${file} cannot be written.`, FULL],
  backupCodesNotSaved: [
    "The backup codes cannot be saved.",
    "Free some disk space or check the folder, then try again; or copy them.",
  ],
  notExported: [
    "The activity cannot be exported.",
    "Free some disk space or check the folder, then try again.",
  ],
  autostartUnwritable: ["Start at login cannot be changed.", FULL],
  autostartPath: [
    "Start at login cannot be turned on: the path of the data folder, or of this app, has a line break or " +
      "another control character in it.",
    "Use a folder without one.",
  ],
  copyTokenOff: ["Copying access tokens is turned off.", "Turn it on in the settings."],
  noClipboard: ["The clipboard cannot be used.", "Use `userfront token` on the command line."],
  clipboardNotCleared: [
    "The access token may still be in the clipboard.",
    "Copy something else to replace it.",
  ],
  folderNotOpened: ["The folder cannot be opened.", "Open it with your file manager."],
  sessionEnded: ["Your session has ended.", "Log in again."],
  sessionExpired: ["Your session has expired, by this computer's clock.", "Log in again."],
  tokensMissing: ["The sign-in for this account is missing from your keyring.", "Log in again."],
  accessExpired: ["The access token has expired, and there is no refresh token.", "Log in again."],
  noRefreshToken: [
    "There is no refresh token in the keyring, so there are no new tokens.",
    "Log in again when this one has expired.",
  ],
  tokensRefused: ["The server sent tokens that this app cannot keep.", "Check the tenant and the API URL."],
  newTokensRefused: ["The server sent tokens that this app cannot keep.", "Log in again."],
  refreshedElsewhere: ({ by, process }) => {
    const name = { app: "The app", userfront: "`userfront`" }[by ?? ""];
    const program = name === undefined ? "Another program of this app" : `${name} (process ${process})`;
    return [
      `${program} is refreshing this account and does not come to an end.`,
      "Let it go on, or end it, then try again.",
    ];
  },
  logInInterrupted: ["The log-in was interrupted."],
  otherAccount: [
    "The server logged in another account than this one.",
    "What you were confirming may not be confirmed.",
  ],
  loggedOutMeanwhile: [
    "This account was logged out while you were logging in.",
    "Log in again if you want to.",
  ],
  foreignSignIn: [
    "Your keyring holds a sign-in of this account that is not in this list, so you are not logged in.",
    "Use it here or log out of it, then log in again if you want to.",
  ],
  foreignUnknown: [
    "This sign-in is not in the keyring any more, or it is in this list by now.",
    "Nothing was changed.",
  ],
  foreignUnreadable: ["This entry cannot be read as a sign-in.", `Nothing was changed. ${TAKE_OR_LEAVE}`],
  foreignNotItsOwn: [
    "This entry holds a token of another account than its name says.",
    `Nothing was changed. ${TAKE_OR_LEAVE}`,
  ],
  foreignMixed: [
    "The tokens of this sign-in do not belong together, so it cannot be used.",
    "Nothing was changed. Log out of it, or leave it.",
  ],
  apiUnknown: ({ host }) => [`Type the API URL of ${host}: it is not known here.`],
  otherHost: ({ host }) => [
    `This sign-in belongs to ${host}, and its tokens are sent nowhere else.`,
    "Type an API URL there.",
  ],
  domainUnknown: [
    "Type the domain of this live tenant: it is not known here, and Userfront may not know the session " +
      "without it.",
  ],
  noCallbackServer: [
    "The browser would not find its way back: no address on this computer is free.",
    "Try again in a moment.",
  ],
  browserTimedOut: ["Nobody came back from the browser in time.", "Begin again."],
  browserRefused: ({ said }) => [
    `The log-in in the browser was not completed: ${ended(said)}`,
    "Begin again, or choose another way in.",
  ],
  browserUnreachable: ["This machine cannot be reached by its own browser."],
  browserNotOpened: ["The browser cannot be opened.", "Copy the address into it by hand."],
  stranger: [
    "A program of another user of this computer has called in place of your browser, and was refused.",
    "If it was your browser, run it as the user that you are here.",
  ],
  notUserfront: ({ failure }) => [`What answers there is not known to be Userfront. ${factOf(failure)}`],
  otherMode: ["The server answers for another mode than this session’s."],
  withoutDomain: [
    "The server does not know this session. It was asked without the tenant’s domain, and of a live " +
      "session that says nothing.",
    "Add the account again with its domain, under Advanced.",
  ],
  askedBefore: ["Userfront has not confirmed that the session is over. Try again to ask once more."],
  stillAccepted: ["Userfront still accepts a token of this session."],
  unreadable: ["No token of this session can be read, so nothing can be asked about it."],
  notAsked: ({ why }) => [`The server was not asked. ${factOf(why)}`],
  noAnswerYet: ["The server has not answered yet."],
  asking: ["Userfront is being asked whether the session is over."],
  newSession: ["A refresh gave this account another session."],
  found: ["Its token was found in the keyring; no account listed it."],
  loggedInAgain: ["You logged in to this account again."],
  olderSession: ["You logged out of this older session."],
  loggedOutBefore: ["It was logged out before; its token was still in the keyring."],
  logInCutOff: ["The log-in was cut off, and is undone."],
  logOutCutOff: ["The log-out was cut off, and is finished now."],
  keyringBack: ["The account was forgotten, and its keyring is back."],
  unwritable: ({ list, server }) => [`${factOf(list)} ${factOf(server)}`],
  text: ({ text }) => [ended(text)],
  reasonOfNewerVersion: ["A newer version of this app wrote down why."],
  internal: internalError,
};

/** Why, and what to do, apart. */
export const wordsOfCause = (cause: ErrorCause): readonly string[] => wordsOf(causes, cause);

/** Why, in a sentence. */
export const factOf = (cause: ErrorCause): string => wordsOfCause(cause)[0] ?? "";

/** Why, and what to do. */
export const causeWords = (cause: ErrorCause): string => wordsOfCause(cause).join(" ");
