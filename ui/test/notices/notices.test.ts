// Notices of the profile and the browser, and their sentences in the status line.

import { describe, expect, it, vi } from "vitest";
import { account, errorOf, showAccount } from "../../dev/states";
import type { Notice } from "../../src/bindings/Notice";
import type { Work } from "../../src/bindings/Work";
import { inFull } from "../../src/words";
import { fake } from "../support/fake-ipc";
import { become, get, open, text } from "../support/window";

const accountName = "Admin User";
const at = new Date(2025, 10, 27, 14, 3).getTime() / 1000;
const address = "https://api.userfront.com/v0/auth/saml/idp/login?tenant_id=demo1234";

describe("a notice", () => {
  it.each<[Notice, string]>([
    [{ kind: "profileSaved", accountName, tokensLater: null }, "The details of Admin User were saved."],
    [
      { kind: "profileSaved", accountName, tokensLater: { kind: "timedOut" } },
      "The details of Admin User were saved. Your tokens still say what was before: The server did not " +
        "answer in time. It is tried again by itself.",
    ],
    [{ kind: "passwordChanged", accountName }, "The password of Admin User was changed."],
    [
      { kind: "addressChanged", accountName, channel: "email", address: "new@example.com" },
      "The e-mail address of Admin User was changed.",
    ],
    [
      { kind: "addressChanged", accountName, channel: "sms", address: "+49 30 901821" },
      "The phone number of Admin User was changed.",
    ],
    [{ kind: "totpIsSetUp", accountName }, "The authenticator app of Admin User is set up."],
    [
      { kind: "warning", causes: [{ kind: "keyringLocked" }, { kind: "listUnwritable" }] },
      "The keyring is locked. Unlock it, then try again. The account list cannot be written. Free some " +
        "disk space or check the data folder, then try again.",
    ],
    [
      { kind: "logInUnanswered", accountName, tenantId: "demo1234", at },
      `An earlier log-in of Admin User at demo1234 had no answer (${inFull(at)}). ` +
        "If it worked, Userfront has a session that is not known here: it ends by itself.",
    ],
    [
      { kind: "logInUnanswered", accountName: null, tenantId: "demo1234", at },
      `An earlier log-in at demo1234 had no answer (${inFull(at)}). If it worked, Userfront has a ` +
        "session that is not known here: it ends by itself.",
    ],
    [
      { kind: "logInFailed", error: errorOf("failed", { kind: "browserTimedOut" }) },
      "That log-in did not take place. Nobody came back from the browser in time. Begin again.",
    ],
  ])("%o is shown and read out", async (notice, words) => {
    const user = await open(showAccount());
    await become(showAccount(undefined, { notice }));
    expect(text("notice")).toContain(words);
    expect(text("status")).toBe(words);
    await user.click(get("notice").querySelector("[aria-label=Dismiss]") as HTMLElement);
    expect(fake.dismissNotice).toHaveBeenCalledTimes(1);
  });

  it("of a log-in without an answer names the day and the time", async () => {
    await open(
      showAccount(undefined, {
        notice: { kind: "logInUnanswered", accountName, tenantId: "demo1234", at },
      }),
    );
    expect(text("notice")).toMatch(/27 November 2025 at 14:03/);
  });

  it.each<[Notice, string]>([[{ kind: "samlInBrowser", address }, address]])(
    "%o has what is to be copied",
    async (notice, copied) => {
      const user = await open(showAccount(undefined, { notice }));
      expect(text("notice")).toContain(copied);
      await user.click(get("notice").querySelector(".copy") as HTMLElement);
      expect(await navigator.clipboard.readText()).toBe(copied);
    },
  );
});

describe("what is copied", () => {
  it("is said below the text, and for as long as after the last time", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      const user = await open(showAccount(undefined, { notice: { kind: "samlInBrowser", address } }));
      const button = get("notice").querySelector(".copy") as HTMLElement;
      const outcome = () => get("notice").querySelector(".outcome")?.textContent?.trim();
      await user.click(button);
      await vi.advanceTimersByTimeAsync(2000);
      await user.click(button);
      await vi.advanceTimersByTimeAsync(2000);
      expect(outcome()).toBe("Copied");
      await vi.advanceTimersByTimeAsync(600);
      expect(outcome()).toBe("");
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("what is being done", () => {
  it.each<[Work, string]>([
    [{ kind: "refreshing", account: account().id }, "Renewing the session of Admin User…"],
    [{ kind: "refreshing", account: "gone" }, "Renewing a session…"],
    [{ kind: "editingProfile", account: account().id }, "Asking Userfront about the details of Admin User…"],
    [{ kind: "sending" }, "Asking Userfront to send it…"],
  ])("%o is read out, and not longer than it lasts", async (work, words) => {
    await open(showAccount());
    await become(showAccount(undefined, { inProgress: [work] }));
    expect(text("status")).toBe(words);
    await become(showAccount());
    expect(text("status")).toBe("");
  });
});
