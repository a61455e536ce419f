// The words for codes, their order, and the title among them.

import { describe, expect, it } from "vitest";
import { errorOf } from "../../dev/states";
import type { ActivityEvent } from "../../src/bindings/ActivityEvent";
import type { ErrorCause } from "../../src/bindings/ErrorCause";
import type { ErrorContext } from "../../src/bindings/ErrorContext";
import { causeWords, errorText, errorWords, eventWords, factOf, tokensLater } from "../../src/words";

const said = (cause: ErrorCause, ...context: ErrorContext[]) =>
  errorText(errorOf("failed", cause, { context }));
const locked = { kind: "keyringLocked" } as const;
const timedOut = { kind: "timedOut" } as const;

describe("an error", () => {
  it.each<[ErrorCause, string]>([
    [locked, "The keyring is locked. Unlock it, then try again."],
    [
      { kind: "listUnwritable" },
      "The account list cannot be written. Free some disk space or check the data folder, then try again.",
    ],
    [{ kind: "listUnreadable" }, "The account list cannot be read. Check the data folder, then try again."],
    [
      { kind: "fileUnreadable", file: "activity.jsonl" },
      "activity.jsonl cannot be read. Check the data folder, then try again.",
    ],
    [
      { kind: "withoutDomain" },
      "The server does not know this session. It was asked without the tenant’s domain, and of a live " +
        "session that says nothing. Add the account again with its domain, under Advanced.",
    ],
    [{ kind: "serverFault", status: 503 }, "Userfront is unavailable (error 503). Try again in a while."],
    [{ kind: "tooManyRequests", seconds: 1 }, "The server wants us to wait for a second. Then try again."],
    [{ kind: "tooManyRequests", seconds: 50 }, "The server wants us to wait for 50 seconds. Then try again."],
    [{ kind: "tooManyRequests", seconds: null }, "The server wants us to wait. Try again in a minute."],
    [{ kind: "refused", message: "Pay first." }, "Pay first."],
    [{ kind: "refused", message: "Pay first" }, "Pay first."],
    [
      { kind: "browserRefused", said: "access_denied" },
      "The log-in in the browser was not completed: access_denied. Begin again, or choose another way in.",
    ],
    [
      { kind: "browserRefused", said: "Denied!" },
      "The log-in in the browser was not completed: Denied! Begin again, or choose another way in.",
    ],
    [
      { kind: "unwritable", list: { kind: "listUnwritable" }, server: { kind: "refused", message: "No" } },
      "The account list cannot be written. No.",
    ],
    [{ kind: "text", text: "The keyring refused" }, "The keyring refused."],
    [
      { kind: "signUpRefused", message: "No" },
      "You were not signed up just now. Userfront says: No. Change that, then try again.",
    ],
    [
      { kind: "signUpRefused", message: null },
      "You were not signed up just now. Userfront gave no reason that can be shown. Check what you " +
        "entered, then try again.",
    ],
    [
      { kind: "resetRefused", message: null },
      "The new password was not set just now. Userfront gave no reason that can be shown. Choose another " +
        "password, or go back and have a new link sent.",
    ],
    [
      { kind: "detailsRefused", message: "Taken!", canBeMended: true },
      "Nothing was saved. Userfront says: Taken! Change that, then save again.",
    ],
    [
      { kind: "detailsRefused", message: "Taken", canBeMended: false },
      "Nothing was saved. Userfront says: Taken.",
    ],
    [
      { kind: "environment", variable: "USERFRONT_TENANT", why: { kind: "tenantIdMalformed" } },
      "USERFRONT_TENANT cannot be used. A tenant ID has 1 to 64 letters, digits or hyphens, like demo1234.",
    ],
    [
      { kind: "refreshedElsewhere", by: "app", process: 7 },
      "The app (process 7) is refreshing this account and does not come to an end. Let it go on, or end " +
        "it, then try again.",
    ],
    [
      { kind: "refreshedElsewhere", by: null, process: null },
      "Another program of this app is refreshing this account and does not come to an end. Let it go " +
        "on, or end it, then try again.",
    ],
    [
      { kind: "notUserfront", failure: timedOut },
      "What answers there is not known to be Userfront. The server did not answer in time.",
    ],
    [
      { kind: "unwritable", list: { kind: "listUnwritable" }, server: timedOut },
      "The account list cannot be written. The server did not answer in time.",
    ],
    [{ kind: "text", text: "The server has a fault (HTTP 503)." }, "The server has a fault (HTTP 503)."],
  ])("%j says %s", (cause, words) => {
    expect(causeWords(cause)).toBe(words);
    expect(said(cause)).toBe(words);
  });

  it.each<[ErrorContext[], string]>([
    [
      [{ kind: "stillLoggedIn" }],
      "You are still logged in. The keyring is locked. Unlock it, then try again.",
    ],
    [[{ kind: "nothingChanged" }], "The keyring is locked. Unlock it, then try again. Nothing was changed."],
    [
      [{ kind: "notLoggedOut", names: ["Mira", "Admin"], more: 0 }, { kind: "stillLoggedIn" }],
      "Not logged out: Mira, Admin. You are still logged in. The keyring is locked. Unlock it, then try " +
        "again.",
    ],
    [
      [{ kind: "notLoggedOut", names: ["Mira"], more: 3 }],
      "Not logged out: Mira, 3 more. The keyring is locked. Unlock it, then try again.",
    ],
    [
      [{ kind: "notLoggedIn" }, { kind: "sessionAlive" }],
      "You are not logged in. The keyring is locked. Unlock it, then try again. The new session could " +
        "not be ended, and stays alive at Userfront until it expires by itself.",
    ],
    [
      [{ kind: "notConfirmed", server: timedOut }, { kind: "nothingChanged" }],
      "You are still logged in: Userfront did not confirm that the session has ended (The server did " +
        "not answer in time.) The keyring is locked. Unlock it, then try again. Nothing was changed.",
    ],
  ])("with %j says %s", (context, words) => expect(said(locked, ...context)).toBe(words));

  it("gives no advice to try again where the call may have taken effect", () => {
    for (const kind of ["signUpNotKnown", "resetNotKnown", "passwordNotKnown"] as const) {
      expect(said(timedOut, { kind })).toMatch(
        /^The server did not answer in time\. It is not known whether /,
      );
      expect(said(timedOut, { kind })).not.toContain("Try again in a moment");
    }
    expect(said(timedOut, { kind: "mayBeAlive" })).toMatch(
      /Try again in a moment\. You are not logged in here\. /,
    );
  });

  it("has what is true apart from the rest", () => {
    expect(errorWords(errorOf("failed", locked))).toStrictEqual({
      title: "The keyring is locked.",
      more: "Unlock it, then try again.",
    });
    expect(errorWords(errorOf("failed", { kind: "noTenant" }))).toStrictEqual({
      title: "Choose a tenant first.",
      more: undefined,
    });
  });
});

it("a pending row says why alone", () => {
  expect(factOf({ kind: "unreachable" })).toBe("The server cannot be reached.");
  expect(factOf({ kind: "noAnswerYet" })).toBe("The server has not answered yet.");
  expect(factOf({ kind: "withoutDomain" })).not.toContain("Add the account again");
});

it.each<[ErrorCause, string]>([
  [
    { kind: "noRefreshToken" },
    "Your tokens still say what was before, until you log in again: there is no refresh token in the " +
      "keyring.",
  ],
  [
    { kind: "sessionEnded" },
    "Your tokens still say what was before, until you log in again: Userfront has ended the session.",
  ],
  [
    { kind: "tokensMissing" },
    "Your tokens still say what was before, until you log in again: the sign-in is missing from the keyring.",
  ],
  [
    timedOut,
    "Your tokens still say what was before: The server did not answer in time. It is tried again by itself.",
  ],
  [
    { kind: "refused", message: "Pay first" },
    "Your tokens still say what was before: Pay first. It is tried again by itself.",
  ],
])("tokens that are older by %j say %s", (cause, words) => expect(tokensLater(cause)).toBe(words));

it.each<[ActivityEvent, string, string]>([
  [{ kind: "loggedIn" }, "Logged in", "Its tokens are in the keyring."],
  [
    { kind: "loggedOut", session: "alreadyInvalid", stillPresent: 0 },
    "Logged out",
    "Userfront no longer accepts this session’s tokens.",
  ],
  [
    { kind: "loggedOut", session: "revoked", stillPresent: 2 },
    "Logged out",
    "Userfront ended the session. 2 keyring entries would not go.",
  ],
  [{ kind: "logOutFailed", reason: locked }, "Log-out failed", "The keyring is locked."],
  [
    { kind: "logOutFailed", reason: { kind: "text", text: "The disk is full." } },
    "Log-out failed",
    "The disk is full.",
  ],
  [
    { kind: "settled", session: "expired" },
    "Pending revocation ended",
    "The session has expired by Userfront's clock.",
  ],
])("the activity's %j says %s: %s", (event, what, outcome) =>
  expect(eventWords(event)).toEqual([what, outcome]),
);
