// Words for errors of commands, and for fields that lack something.

import type { IpcError } from "../bindings/IpcError";

/** The title says what is true; the rest says what to do. */
export interface ErrorWords {
  readonly title: string;
  readonly more?: string | undefined;
}

/** The words for an error of a command. The one place where an error becomes words. */
export function errorWords({ message }: IpcError): ErrorWords {
  const end = /[.!?。؟]\s+/u.exec(message);
  if (!end) return { title: message };
  return { title: message.slice(0, end.index + 1), more: message.slice(end.index + end[0].length) };
}

/** The same in one line, as a field shows it. */
export const inOneLine = ({ title, more }: ErrorWords): string =>
  more === undefined ? title : `${title} ${more}`;

/** The bridge itself failed. */
export const bridgeFailed = "Something went wrong inside this app. Try again, or restart the app.";

/** The view itself failed. */
export const viewFailed = "This view cannot be shown";

/** Beside *Try again*, while the server has asked for a pause. */
export const tryAgainIn = (time: string): string => `in ${time}`;
export const waitFor = (time: string): string => `Wait ${time}`;

/** Requests for a field that is empty or incomplete. */
export const lacks = {
  address: {
    email: "Type your e-mail address first.",
    phone: "Type your phone number first.",
  },
  newAddress: {
    email: "Type the new e-mail address first.",
    phone: "Type the new phone number first.",
  },
  otherAddress: {
    email: "This is the e-mail address that you have.",
    phone: "This is the phone number that you have.",
  },
  addressToSignUp: {
    email: "Type your e-mail address, then sign up.",
    phone: "Type your phone number, then sign up.",
  },
  addressOrUsernameToSignUp: "Type your e-mail address or a user name, then sign up.",
  passwordToSignUp: "Choose a password, then sign up.",
  existingPassword: "Type your existing password first.",
  newPassword: "Type a new password, too.",
  newPasswordToSave: "Type a new password, then save it.",
  backupCode: "Type a backup code, then log in.",
  code: (digits: number): string => `Type all ${digits} digits of the code.`,
  link: "Paste the link first.",
  name: "Type your e-mail or user name, then log in.",
  password: "Type your password, then log in.",
  providerId: "Type the provider's ID, then continue.",
  tenantId: "Type your tenant's ID, then continue.",
};
