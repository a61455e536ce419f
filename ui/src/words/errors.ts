// Words for errors of commands.

import type { ErrorCause } from "../bindings/ErrorCause";
import type { ErrorContext } from "../bindings/ErrorContext";
import type { IpcError } from "../bindings/IpcError";
import { factOf, wordsOfCause } from "./causes";
import { type Kinds, wordsOf } from "./kinds";

/** The title says what is true; the rest says what to do. */
export interface ErrorWords {
  readonly title: string;
  readonly more?: string | undefined;
}

/** Facts that are read before the cause. */
const before: Partial<Kinds<ErrorContext>> = {
  notLoggedIn: ["You are not logged in."],
  stillLoggedIn: ["You are still logged in."],
  notConfirmed: ({ server }) => [
    `You are still logged in: Userfront did not confirm that the session has ended (${factOf(server)})`,
  ],
  notLoggedOut: ({ names, more }) => [
    `Not logged out: ${[...names, ...(more > 0 ? [`${more} more`] : [])].join(", ")}.`,
  ],
  logOutNotDone: ["This log-out did not take place."],
  logOutWaits: ["The log-out is not finished: it waits for the keyring."],
  logOutUnfinished: ["The log-out is not finished."],
  nextStartFinishes: ["The log-out could not be finished now; the next start of this app finishes it."],
  addressTaken: ["Userfront took it, but your details could not be loaded afterwards."],
};

/** The call may have taken effect all the same: to try again as if it had not would be wrong advice. */
const notKnown: Partial<Kinds<ErrorContext>> = {
  signUpNotKnown: [
    "It is not known whether you are signed up: Userfront may know you already. Try to log in before " +
      "you sign up again.",
  ],
  resetNotKnown: [
    "It is not known whether the password was changed: the new one may count already. Try to log in " +
      "with it before you have a new link sent.",
  ],
  passwordNotKnown: ["It is not known whether the password was changed: the new one may count already."],
};

const behind: Partial<Kinds<ErrorContext>> = {
  ...notKnown,
  nothingChanged: ["Nothing was changed."],
  mayBeAlive: [
    "You are not logged in here. If the log-in took effect at Userfront, its session is alive there, " +
      "and nothing here can end it; it ends by itself.",
  ],
  sessionEnded: ["The new session was ended again."],
  sessionPending: ["The new session may still be alive; it is listed as pending and will be ended."],
  sessionAlive: [
    "The new session could not be ended, and stays alive at Userfront until it expires by itself.",
  ],
};

/** The words for an error of a command, which may be words already. Errors become words only here. */
export function errorWords(error: IpcError | string): ErrorWords {
  if (typeof error === "string") return { title: error };
  const { cause, context } = error;
  const all = (kinds: Partial<Kinds<ErrorContext>>): string[] => context.flatMap((of) => wordsOf(kinds, of));
  const isKnown = context.every(({ kind }) => notKnown[kind] === undefined);
  const said = isKnown ? wordsOfCause(cause) : [factOf(cause)];
  const [title = "", ...more] = [...all(before), ...said, ...all(behind)];
  return { title, more: more.length > 0 ? more.join(" ") : undefined };
}

const inOneLine = ({ title, more }: ErrorWords): string => (more === undefined ? title : `${title} ${more}`);

/** An error in one line, as a field shows it. */
export const errorText = (error: IpcError | string): string => inOneLine(errorWords(error));

const untilLogIn: Partial<Record<ErrorCause["kind"], string>> = {
  noRefreshToken: "there is no refresh token in the keyring",
  sessionEnded: "Userfront has ended the session",
  tokensMissing: "the sign-in is missing from the keyring",
};

/** Why the tokens do not hold the change yet, and when they will. */
export function tokensLater(cause: ErrorCause): string {
  const why = untilLogIn[cause.kind];
  return why === undefined
    ? `Your tokens still say what was before: ${factOf(cause)} It is tried again by itself.`
    : `Your tokens still say what was before, until you log in again: ${why}.`;
}
