// Words of the activity's lines: what was done, and what came of it.

import type { ActivityEvent } from "../bindings/ActivityEvent";
import type { SessionOutcome } from "../bindings/SessionOutcome";
import { type Kinds, wordsOf } from "./kinds";

const sessions: Record<SessionOutcome, string> = {
  revoked: "Userfront ended the session.",
  alreadyInvalid: "Userfront no longer accepts this session’s tokens.",
  over: "The session is over.",
  pending: "The session is not confirmed to be over; pending.",
  lost: "Nothing here can end the session.",
  expired: "The session has expired by Userfront's clock.",
};

/** An event whose words need no cause. */
export type PlainEvent = Exclude<ActivityEvent, { kind: "logOutFailed" }>;

const events: Kinds<PlainEvent> = {
  loggedIn: ["Logged in", "Its tokens are in the keyring."],
  logInFailed: ({ session }) => ["Log-in not kept", sessions[session]],
  logInUnanswered: [
    "Log-in without an answer",
    "If it took effect, a session is alive that nothing here can end. It ends by itself.",
  ],
  unansweredIsRead: ["Log-in without an answer", "You have read of it."],
  loggedOut: ({ session, stillPresent }) => [
    "Logged out",
    stillPresent === 0
      ? sessions[session]
      : `${sessions[session]} ${stillPresent} keyring entries would not go.`,
  ],
  logOutWaits: ["Log-out waits", "It takes place once the keyring is unlocked."],
  finished: ({ session }) => ["Finished what was cut off", sessions[session]],
  settled: ({ session }) => ["Pending revocation ended", sessions[session]],
  stillAnswers: ["Still answered", "Userfront said that the session is over, and still accepted its tokens."],
  discarded: ["Pending revocation discarded", "The session may live until it ends by itself."],
  abandoned: ["Forgotten", "Its tokens may be in the keyring; its session lives on."],
  refreshed: ["Refreshed", "New tokens are in the keyring."],
  signedOutByServer: ["Signed out by Userfront", "The session is over there."],
  cameTooLate: ({ session }) => ["New tokens came too late", sessions[session]],
  takenOver: ["Taken over", "It was in the keyring, and is an account of this list."],
  found: ["Token found", "No account listed it; its session is to be ended."],
};

/** The event, and its result. */
export const plainEventWords = (event: PlainEvent): readonly string[] => wordsOf(events, event);
