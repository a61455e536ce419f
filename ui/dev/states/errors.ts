// Errors of commands.

import type { IpcError } from "../../src/bindings/IpcError";

/** What the next command fails with, by the name in `?error=`. */
export const errors: Record<string, IpcError> = {
  tenantId: {
    code: "tenantId",
    message:
      "Userfront knows no tenant nowhere1. Check the ID: it is the eight letters and digits of your " +
      "organisation.",
    detail: null,
    retryAfter: null,
  },
  apiUrl: {
    code: "apiUrl",
    message: "That is no address of an API. It starts with https://.",
    detail: null,
    retryAfter: null,
  },
  domain: {
    code: "domain",
    message: "A domain has no path. Give just the name, as in example.com.",
    detail: null,
    retryAfter: null,
  },
  image: {
    code: "image",
    message: "The picture's address starts with https://.",
    detail: null,
    retryAfter: null,
  },
  customData: {
    code: "customData",
    message: "The custom data is not a JSON object (line 2, column 8). Mend it, then save again.",
    detail: null,
    retryAfter: null,
  },
  credentials: {
    code: "credentials",
    message: "The e-mail, user name or password is wrong.",
    detail: null,
    retryAfter: null,
  },
  code: {
    code: "code",
    message: "That code is wrong or has expired. Look for the newest, or send another one.",
    detail: null,
    retryAfter: null,
  },
  link: {
    code: "link",
    message: "That link has been used already. Send another one.",
    detail: null,
    retryAfter: null,
  },
  email: {
    code: "email",
    message: "That is no e-mail address. It has an @ in it.",
    detail: null,
    retryAfter: null,
  },
  phone: {
    code: "phone",
    message: "That is no phone number. It begins with + and the country's code.",
    detail: null,
    retryAfter: null,
  },
  username: {
    code: "username",
    message: "Somebody has that user name already. Take another one.",
    detail: null,
    retryAfter: null,
  },
  newPassword: {
    code: "newPassword",
    message: "That password is too weak. Take a longer one.",
    detail: null,
    retryAfter: null,
  },
  tooMany: {
    code: "failed",
    message: "Userfront has had too many requests. Wait a little, then try again.",
    detail: "429",
    retryAfter: 75,
  },
  keyringLocked: {
    code: "keyringLocked",
    message: "GNOME Keyring is locked, so nobody was logged out. Unlock it, then try again.",
    detail: null,
    retryAfter: null,
  },
  keyringNotAllowed: {
    code: "keyringNotAllowed",
    message: "The keyring has not allowed this app to use its entry. Allow it, then try again.",
    detail: null,
    retryAfter: null,
  },
  noKeyring: {
    code: "noKeyring",
    message: "There is no keyring yet. Create one, then try again.",
    detail: null,
    retryAfter: null,
  },
  keyringHung: {
    code: "keyringHung",
    message:
      "GNOME Keyring does not answer, so nobody was logged out. Look for a dialog of its own, then try " +
      "again.",
    detail: null,
    retryAfter: null,
  },
  keyringUnavailable: {
    code: "keyringUnavailable",
    message: "GNOME Keyring cannot be reached, so nobody was logged out. Start it, then try again.",
    detail: "org.freedesktop.secrets was not provided",
    retryAfter: null,
  },
  foreignSignIn: {
    code: "foreignSignIn",
    message:
      "Your keyring holds a sign-in of this account that is not in this list, so you are not logged in. " +
      "Use it here or log out of it, then log in again if you want to. The new session was ended.",
    detail: null,
    retryAfter: null,
    foreignAccount: "demo1234:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001@test.api.userfront.com",
  },
  failed: {
    code: "failed",
    message: "Userfront did not answer, so you are still logged in. Check your connection, then try again.",
    detail: "GET auth/logout: error sending request: connection refused (os error 111)",
    retryAfter: null,
  },
};
