// Words for what a form waits for.

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
