// Words of the log-in at a tenant: its factors, and the steps.

import type { ArrivedLink } from "../bindings/ArrivedLink";
import type { CodeChannel } from "../bindings/CodeChannel";
import type { LinkPurpose } from "../bindings/LinkPurpose";
import type { LogInStep } from "../bindings/LogInStep";
import type { SignUpWay } from "../bindings/SignUpWay";
import {
  type Factor,
  type FactorKind,
  factorKind,
  type OneFactor,
  type Provider,
  providerOf,
} from "../model/factor";

// The tenant.
export const logInTo = "Log in to {tenant}";
export const change = "change";
export const changeTenant = "Change the tenant";
export const askingTenant = "Asking how to log in…";
export const tenantIsSilent = "The tenant did not say how to log in.";
export const noFactor = "This tenant offers no way to log in. Ask whoever runs it.";
export const testModeSendsNothing = "No mail and no text messages are sent, and weak passwords work.";

export const or = "or";

// A server that is not Userfront's own.
export const goesTo = {
  address: "Your address goes to {place}, which is not Userfront's own server.",
  number: "Your number goes to {place}, which is not Userfront's own server.",
  password: "Your password goes to {place}, which is not Userfront's own server.",
  code: "Your code goes to {place}, which is not Userfront's own server.",
  nameAndCode: "Your name and code go to {place}, which is not Userfront's own server.",
  all: "What you type goes to {place}, which is not Userfront's own server.",
} as const;

// Fields.
export const emailOrUsername = "E-mail or user name";
export const password = "Password";
export const newPassword = "New password";
export const showPassword = "Show the password";
export const hidePassword = "Hide the password";
export const forgottenPassword = "Forgotten your password?";
export const mailsResetLink = "We'll e-mail you a link to reset your password.";
export const address = { email: "E-mail address", phone: "Phone number" };
export const phoneHint = "With the country's code, as in +358 40 123 4567.";
export const codeOfSixDigits = "Code of six digits";
export const codeOfApp = "Code of the authenticator app";
export const digit = (index: number, of: number): string => `Digit ${index} of ${of}`;
export const backupCode = "Backup code";
export const backupCodeHint = "One of those you kept, as in 60bb6-9393a. It is used up by this.";
export const useAppCode = "Use a code of the app instead";
export const useBackupCode = "Use a backup code instead";
export const passwordRule = {
  long: "At least 16 characters",
  mixed: "or at least 8, with a letter and a number",
  testMode: "In test mode, weak test passwords work too.",
  met: "The password is strong enough.",
};

// Factors.
const factors: Record<string, string> = {
  "password/email": password,
  "password/username": password,
  "link/email": "E-mail me a link",
  "verificationCode/email": "E-mail me a code",
  "verificationCode/sms": "Text me a code",
  "totp/authenticator": "Authenticator app",
};

const providers: Record<Provider, string> = {
  apple: "Apple",
  azure: "Azure",
  facebook: "Facebook",
  github: "GitHub",
  google: "Google",
  linkedin: "LinkedIn",
  okta: "Okta",
  twitter: "Twitter",
  custom: "single sign-on",
};

const sentence = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);

/** A provider's name within a sentence. An unknown one keeps the name it came with. */
export const providerName = (provider: string): string =>
  Object.hasOwn(providers, provider) ? providers[provider as Provider] : provider;

/** The label of a factor's button. */
export function factorLabel(factor: Factor | OneFactor): string {
  const { strategy, channel } = factor;
  const pair = `${strategy}/${channel}`;
  if (Object.hasOwn(factors, pair)) return factors[pair] ?? pair;
  return providerOf(factor) === undefined ? `${strategy} (${channel})` : sentence(factorProvider(factor));
}

/** A factor's provider within a sentence. A tenant may have several custom ones, so those show their ID. */
export function factorProvider(factor: Factor | OneFactor): string {
  const provider = providerOf(factor) ?? factor.strategy;
  const id = "providerId" in factor ? factor.providerId : null;
  return provider === "custom" && id !== null ? `${providerName(provider)} (${id})` : providerName(provider);
}

const headings: Partial<Record<FactorKind, string>> = {
  link: "Log in with a link by e-mail",
  emailCode: "Log in with a code by e-mail",
  smsCode: "Log in with a code by text message",
  totp: "Log in with your authenticator app",
};

/** The heading of a factor's form. */
export const factorHeading = (factor: Factor | OneFactor): string =>
  headings[factorKind(factor) ?? "provider"] ?? `Log in with ${factorProvider(factor)}`;

export const otherFactors = "Other ways to log in";
export const notAvailable = "Not available in this app";
export const unknownFactor = "This app does not know this way to log in: {ways}.";
export const unknownFactors = "This app does not know these ways to log in: {ways}.";
export const useTenantsSite = "Log in at the tenant's own site, or update this app.";

// Steps.
/** The heading of a step. The first step has none: it offers the ways to log in. */
export function stepTitle(step: LogInStep): string | undefined {
  switch (step.kind) {
    case "firstFactor":
      return undefined;
    case "signUp":
      return signUp;
    case "forgottenPassword":
      return forgottenPassword;
    case "newPassword":
      return "Choose a new password";
    case "linkSent":
      return "Check your e-mail";
    case "codeSent":
      return step.channel === "email" ? "Check your e-mail" : "Check your phone";
    case "browser":
      return "Go on in your browser";
    case "secondFactors":
      return "One more step";
    case "totp":
      return "Open your authenticator app";
    case "phone":
      return "Your phone number";
    case "setUpTotp":
      return "Set up an authenticator app";
  }
}

// A provider in the browser.
export const providerId = "Provider ID";
export const providerIdHint = "Whoever runs the tenant knows it.";
export const continueWith = (name: string): string => `Continue with ${name}`;
export const browserOpens = {
  live: "Your browser opens for that. Then you read here how to come back.",
  test: "Your browser opens for that, and you come back here by yourself.",
};
export const browserShows = {
  goesOn: "Your browser shows {provider}. Log in there; this window goes on by itself afterwards.",
  wantsLink: "Your browser shows {provider}. Log in there; then bring the link back that it ends at.",
} as const;
export const waitingForBrowser = "Waiting for your browser ({time} left)";
export const timedOut = "Timed out. Go back and start again.";
export const browserEndsAtSite =
  "As far as we know, the browser ends on the tenant's own site. When it does, copy the whole link from " +
  "its address bar and paste it here.";
export const linkFromBar = "Link from the address bar";
export const noBrowser = "If the browser shows nothing";
export const noBrowserHint = "No browser to be seen? Open it again, or copy this address into one:";
export const openAgain = "Open again";
export const otherComputer = "If the browser is on another computer";
export const otherComputerHint =
  "Does your browser run on another computer? It cannot show the last page, then. Copy that page's whole " +
  "address and paste it here.";
export const lastAddress = "Address that the browser ends at";

// Links and codes that were sent.
export const linkWasSent = {
  logIn: "Userfront sent a link to log in with to {address}.",
  signUp: "Userfront sent a link to finish signing up with to {address}.",
  verify: "Userfront sent a link to confirm your e-mail address with to {address}.",
  reset: "Userfront sent a link to choose a new password with to {address}.",
  invite: "Userfront sent a link to choose a password with to {address}.",
} as const satisfies Record<LinkPurpose, string>;
export const pasteLinkFromMail = "Copy the whole link from that mail and paste it here.";
export const testLink = {
  logIn: "Test mode: the link that would be e-mailed to {address}, to log in with.",
  signUp: "Test mode: the link that would be e-mailed to {address}, to finish signing up with.",
  verify: "Test mode: the link that would be e-mailed to {address}, to confirm your e-mail address with.",
  reset: "Test mode: the link that would be e-mailed to {address}, to choose a new password with.",
  invite: "Test mode: the link that would be e-mailed to {address}, to choose a password with.",
} as const satisfies Record<LinkPurpose, string>;
export const linkIsHere = "No mail was sent. The link is here:";
export const followLink = "Follow the link";
export const linkFromMail = "Link from the mail";
export const orPasteLink = "Or paste a link";
export const useLink = "Use the link";
export const linkPlaceholder = "https://…";
export const linkIsTaken = "If the link opens this app, it is used without asking until {time}.";
export const linkIsAskedAbout =
  "If the link opens this app now, you are asked first: it is a while since it was sent.";
export const codeWasSent = "Userfront sent a code to {address}.";
export const testCode = {
  email: "Test mode: the code that would be e-mailed to {address}.",
  sms: "Test mode: the code that would be texted to {address}.",
} as const satisfies Record<CodeChannel, string>;
export const addressUserfrontKnows: Record<CodeChannel, string> = {
  email: "the e-mail address that Userfront knows of you",
  sms: "the phone number that Userfront knows of you",
};
export const codeIsHere: Record<CodeChannel, string> = {
  email: "No mail was sent. The code is here:",
  sms: "No text message was sent. The code is here:",
};
export const sendAgain = "Send again";
export const sendAgainIn = (time: string): string => `Send again in ${time}`;
export const noMail = "No mail? Check your spam.";
export const noMessage = "No message?";
export const anotherLink = "Another link?";
export const anotherCode = "Another code?";
export const mailMeLink = "E-mail me a link";
export const textMeCode = "Text me a code";

// The second factor.
export const secondProof = "Nearly there. This tenant asks for a second proof that it is you.";
export const factorIsUnknown = "This app does not know it";
export const factorIsSetUp = "Ready to use";
export const factorIsToBeSetUp = "Not set up yet. You will set it up now.";
export const noSecondFactor = [
  "This app knows none of the second factors that this tenant takes.",
  useTenantsSite,
].join(" ");
export const codesGoToPhone = "Codes to log in with are sent to it from now on.";

// Sign-up.
export const signUp = "Sign up";
export const newHere = "New here?";
export const howToLogIn = "How will you log in?";
export const nameIfYouLike = "Name (if you like)";
export const usernameIfYouLike = "User name (if you like)";
export const saveAndLogIn = "Save and log in";

/** How a new user will log in. */
export const signUpWays: Record<SignUpWay, string> = {
  password,
  link: "E-mail link",
  emailCode: "E-mail code",
  smsCode: "Text message",
};
export const signUpActions: Record<SignUpWay, string> = {
  password: signUp,
  link: mailMeLink,
  emailCode: "E-mail me a code",
  smsCode: textMeCode,
};

// A link that arrived without being expected.
export const arrivedLink: Record<LinkPurpose, { title: string; yes: string }> = {
  logIn: { title: "Log in with a link that arrived?", yes: "Log in" },
  signUp: { title: "Finish signing up with a link that arrived?", yes: signUp },
  verify: { title: "Confirm an e-mail address with a link that arrived?", yes: "Confirm and log in" },
  invite: { title: "Choose a password with an invitation that arrived?", yes: "Go on" },
  reset: { title: "Choose a new password with a link that arrived?", yes: "Go on" },
};
export const ignore = "Ignore";

export function whyAsked({ askedEmail, otherSite }: ArrivedLink): string {
  const ignoreIt = "If you did not follow one yourself, ignore it.";
  if (askedEmail === null)
    return `This app was opened with a link that it did not ask for just now. ${ignoreIt}`;
  if (otherSite === null) return `This app asked for a link, but more than 15 minutes ago. ${ignoreIt}`;
  return `This app asked for a link, but this one is from another site. ${ignoreIt}`;
}
export const accountLabel = "Account";
export const askedForWith = "Asked for with";
export const sentTo = "Sent to";
export const accountNotHere = "an account that is not on this computer yet";
export const linkFromOtherSite =
  "The link is from {site}, which is not this tenant's own site. Go on only if you know that site.";
