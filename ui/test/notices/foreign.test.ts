// A sign-in in the keyring that is not in this list: named, and the user chooses.

import { describe, expect, it } from "vitest";
import {
  askPassword,
  askStep,
  codeSent,
  errorOf,
  errors,
  foreign,
  linkSent,
  showAccount,
  states,
  unknownForm,
} from "../../dev/states";
import type { ForeignRow } from "../../src/bindings/ForeignRow";
import { violations } from "../support/axe";
import { fake } from "../support/fake-ipc";
import { all, become, fill, find, get, open, rest, text } from "../support/window";

const show = (...rows: ForeignRow[]) => showAccount(undefined, { foreign: rows });
const { entry } = foreign();
const foreignAccount = "demo1234:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001@test.api.userfront.com";

describe("a foreign sign-in", () => {
  it("is named, once an account, and nothing is done by itself", async () => {
    await open(show(foreign()));
    expect(text("foreign-entries")).toContain("Your keyring holds a sign-in that is not in this list.");
    expect(text("foreign-entries")).toContain("Nothing was changed.");
    expect(all("foreign-row").map((row) => row.dataset.entry)).toEqual([entry]);
    for (const word of [
      "demo1234",
      "test mode",
      "api.userfront.com",
      foreign().userUuid,
      ...foreign().entries,
    ]) {
      expect(text("foreign-row")).toContain(word);
    }
    expect([fake.takeOver, fake.logOutForeign, fake.leaveForeign].map((it) => it.mock.calls.length)).toEqual([
      0, 0, 0,
    ]);
  });

  it("of a list that was lost is left to the user, and the notice of the new list says so", async () => {
    await open(states["mended-empty"] ?? askPassword());
    expect(text("notice")).toContain(
      "There was no good copy of it. Any sign-in that is still in your keyring is listed below: use it " +
        "here, or log out of it.",
    );
    expect(text("notice")).not.toContain("end their sessions");
    expect(get("notice").compareDocumentPosition(get("foreign-row"))).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  });

  it.each([
    ["take-over", fake.takeOver, "Both copies then use one session"],
    ["foreign-log-out", fake.logOutForeign, "The session ends for every copy that uses it."],
  ])("%s asks first", async (testid, command, words) => {
    const user = await open(show(foreign()));
    await user.click(get(testid));
    expect(text("dialog")).toContain(words);
    expect(await violations()).toEqual([]);
    await user.click(get("cancel"));
    await rest();
    expect([find("dialog"), command.mock.calls.length]).toEqual([null, 0]);
    await user.click(get(testid));
    await user.click(get(`${testid}-confirm`));
    await rest();
    expect(command.mock.calls).toEqual([[entry, "", ""]]);
    expect(find("error")).toBeNull();
  });

  it("whose API is not known here asks for its URL, and says what is wrong with it", async () => {
    const host = "api.example";
    fake.logOutForeign.mockRejectedValueOnce(errorOf("apiUnknown", { kind: "apiUnknown", host }));
    fake.logOutForeign.mockRejectedValueOnce(errorOf("apiUrl", { kind: "otherHost", host }));
    const user = await open(show(foreign({ host: "api.example" })));
    await user.click(get("foreign-log-out"));
    expect(find("foreign-api-url")).toBeNull();
    await user.click(get("foreign-log-out-confirm"));
    await rest();
    expect(text("foreign-problem")).toBe("Type the API URL of api.example: it is not known here.");
    expect(await violations()).toEqual([]);
    await fill(user, "foreign-api-url", "https://elsewhere.example/v0/");
    await user.click(get("foreign-log-out-confirm"));
    await rest();
    expect(text("foreign-problem")).toBe(
      "This sign-in belongs to api.example, and its tokens are sent nowhere else. Type an API URL there.",
    );
    await fill(user, "foreign-api-url", "https://api.example/v0/");
    await fill(user, "foreign-domain", "example.com");
    await user.click(get("foreign-log-out-confirm"));
    await rest();
    expect(fake.logOutForeign.mock.calls.slice(1)).toEqual([
      [entry, "https://elsewhere.example/v0/", ""],
      [entry, "https://api.example/v0/", "example.com"],
    ]);
    expect([find("dialog"), find("error")]).toEqual([null, null]);
  });

  it("of live mode can be given its domain", async () => {
    const user = await open(show(foreign({ mode: "live" })));
    await user.click(get("take-over"));
    await fill(user, "foreign-domain", "example.com");
    await user.click(get("take-over-confirm"));
    await rest();
    expect(fake.takeOver.mock.calls).toEqual([[entry, "", "example.com"]]);
  });

  it("is left without a question, and that is undone in the same place", async () => {
    const user = await open(show(foreign()));
    await user.click(get("foreign-leave"));
    await rest();
    expect(fake.leaveForeign.mock.calls).toEqual([[entry]]);
    await become(show(foreign({ isLeft: true })));
    expect(text("foreign-entries")).toContain("You left a sign-in in the keyring");
    expect(text("foreign-entries")).not.toContain("not in this list");
    expect([find("take-over"), find("foreign-log-out"), find("foreign-leave")]).toEqual([null, null, null]);
    await user.click(get("foreign-left").querySelector("summary") as HTMLElement);
    await user.click(get("foreign-undo"));
    await rest();
    expect(fake.undoLeave.mock.calls).toEqual([[entry]]);
  });

  it("that failed says why", async () => {
    fake.takeOver.mockRejectedValue(errors.keyringLocked);
    const user = await open(show(foreign()));
    await user.click(get("take-over"));
    await user.click(get("take-over-confirm"));
    await rest();
    expect(get("error").contains(get("unlock"))).toBe(true);
  });

  it("of no known form can only be left, and is not called a sign-in", async () => {
    await open(show(unknownForm));
    expect(text("foreign-entries")).toContain("Your keyring holds an entry that is not in this list.");
    expect(text("foreign-row")).toContain(unknownForm.entry);
    expect([find("take-over"), find("foreign-log-out")]).toEqual([null, null]);
    expect(get("foreign-leave")).toBeTruthy();
  });

  it("that is of older sessions can be logged out of or left", async () => {
    const older = "superseded.demo1234:s1@test.api.userfront.com";
    const user = await open(show(foreign({ entry: older, entries: [older], userUuid: null })));
    expect(text("foreign-row")).toContain("An older session");
    expect(find("take-over")).toBeNull();
    await user.click(get("foreign-log-out"));
    expect(text("dialog")).toContain("The one that took its place may end with it.");
    await user.click(get("foreign-log-out-confirm"));
    await rest();
    expect(fake.logOutForeign.mock.calls).toEqual([[older, "", ""]]);
  });

  it("that lies under an earlier service is named with it", async () => {
    const elsewhere = [{ service: "desktop.userfront.accounts.0123456789ab", entry }];
    await open(showAccount(undefined, { elsewhere }));
    for (const words of [entry, "desktop.userfront.accounts.0123456789ab", "its session may be alive"]) {
      expect(text("elsewhere")).toContain(words);
    }
    expect(await violations()).toEqual([]);
  });

  it("that is found later is read out", async () => {
    await open(show());
    await become(show(foreign()));
    expect(text("status")).toBe("Your keyring holds a sign-in that is not in this list.");
  });
});

describe("a log-in that would replace a foreign sign-in", () => {
  it("asks, and goes on", async () => {
    fake.logIn.mockRejectedValueOnce(errors.foreignSignIn);
    const user = await open(askPassword());
    await fill(user, "email-or-username", "admin");
    await user.type(get("password"), "hunter2");
    await user.click(get("log-in"));
    await rest();
    expect(text("error")).toContain("not in this list");
    await user.click(get("replace-foreign"));
    expect(text("dialog")).toContain("Its session ends for every copy that uses it");
    expect(await violations()).toEqual([]);
    expect(fake.replaceForeign).not.toHaveBeenCalled();
    await user.click(get("replace-foreign-confirm"));
    await rest();
    expect(fake.replaceForeign.mock.calls).toEqual([[foreignAccount, true]]);
    expect(fake.logIn.mock.calls.at(-1)).toEqual(["admin", "hunter2"]);
    expect(fake.logIn).toHaveBeenCalledTimes(2);
  });

  it("by a browser or a link from outside, which cannot be repeated, leaves it to the next one", async () => {
    const notice = { kind: "logInFailed", error: errors.foreignSignIn } as const;
    const user = await open(askPassword({ notice }));
    await user.click(get("replace-foreign"));
    expect(text("dialog")).toContain("Log in once more");
    expect(await violations()).toEqual([]);
    await user.click(get("replace-foreign-confirm"));
    await rest();
    expect(fake.replaceForeign.mock.calls).toEqual([[foreignAccount, false]]);
    expect(fake.logIn.mock.calls.length).toBe(0);
    await become(askPassword({ notice: { ...notice, error: errors.failed } }));
    expect(find("replace-foreign")).toBeNull();
  });

  it.each([
    ["link", linkSent(), fake.useLink, "https://example.com/login?token=x&uuid=y", "use-link"],
    ["code", codeSent(), fake.confirmCode, "123456", undefined],
  ] as const)(
    "by a %s, which is used up, asks for a new one",
    async (field, step, command, typed, button) => {
      command.mockRejectedValueOnce(errors.foreignSignIn);
      const user = await open(askStep(step));
      await fill(user, field, typed);
      if (button) await user.click(get(button));
      await rest();
      expect(find("retry"), "the same would be refused").toBeNull();
      await user.click(get("replace-foreign"));
      expect(text("replace-foreign-confirm")).toBe("Replace at my next log-in");
      expect(text("dialog")).toContain("A link or code works only once: ask for a new one.");
      await user.click(get("replace-foreign-confirm"));
      await rest();
      expect(fake.replaceForeign.mock.calls).toEqual([[foreignAccount, false]]);
      expect([command.mock.calls.length, find("error")]).toEqual([1, null]);
      await become(askStep(step, {}, { notice: { kind: "foreignReplaceable" } }));
      expect(text("notice")).toBe(
        "Your next log-in may replace the sign-in in your keyring. Log in within 15 minutes. A link or " +
          "code works only once: ask for a new one.",
      );
      expect(get("send-again")).toBeTruthy();
      expect(await violations()).toEqual([]);
    },
  );
});
