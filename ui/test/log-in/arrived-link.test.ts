// A link that came unasked: it is asked about over every view, and the nearest answer is no.

import axe from "axe-core";
import { describe, expect, it } from "vitest";
import {
  arrived,
  askStep,
  askTenant,
  codeSent,
  errors,
  keyring,
  showAccount,
  showActivity,
} from "../../dev/states";
import type { Snapshot } from "../../src/bindings/Snapshot";
import { fake } from "../support/fake-ipc";
import { become, find, focused, get, open, rest, text } from "../support/window";

const shown = (): boolean => (find("dialog") as HTMLDialogElement | null)?.open ?? false;
const arrivedLink = arrived();

describe("a link that arrived unasked", () => {
  it.each<[string, Snapshot]>([
    ["the account view", showAccount(undefined, { arrivedLink })],
    ["the login view", askTenant({ arrivedLink })],
    ["a step of a log-in", askStep(codeSent(), {}, { arrivedLink })],
    ["the activity", showActivity(undefined, { arrivedLink })],
  ])("is asked about over %s, with the focus on no", async (_view, snapshot) => {
    const user = await open(snapshot);
    expect([shown(), focused()]).toEqual([true, "ignore-link"]);
    await user.keyboard("{Enter}");
    expect(fake.ignoreArrivedLink.mock.calls).toEqual([[1]]);
    expect(fake.takeArrivedLink).not.toHaveBeenCalled();
    await rest();
    expect(shown()).toBe(false);
  });

  it("is shown with account, tenant and host", async () => {
    await open(showAccount(undefined, { arrivedLink }));
    expect(text("dialog")).toContain("Log in with a link that arrived?");
    expect(text("arrived-link")).toBe("Account Mira Ölund Tenant nord5678 Sent to api.userfront.com");
    expect(find("other-site")).toBeNull();
  });

  it("says if the account is new here or the site is another, and names its purpose", async () => {
    const other = arrived({ purpose: "reset", accountName: null, otherSite: "evil.example" });
    await open(showAccount(undefined, { arrivedLink: other }));
    expect(text("dialog")).toContain("Choose a new password");
    expect(text("arrived-link")).toContain("an account that is not on this computer yet");
    expect(text("other-site")).toContain("evil.example, which is not this tenant's own site");
  });

  it("is used once on demand", async () => {
    const user = await open(showAccount(undefined, { arrivedLink }));
    await user.click(get("take-link"));
    expect(fake.takeArrivedLink.mock.calls).toEqual([[1]]);
    expect(fake.ignoreArrivedLink).not.toHaveBeenCalled();
    await become(showAccount(undefined, { arrivedLink: arrived(), inProgress: [{ kind: "loggingIn" }] }));
    expect(shown()).toBe(false);
  });

  it("is ignored on Escape, which does not reach the view behind", async () => {
    await open(showActivity(undefined, { arrivedLink }));
    // jsdom does not close an open dialog at Escape, as a browser does.
    (get("dialog") as HTMLDialogElement).close();
    await rest();
    expect(fake.ignoreArrivedLink).toHaveBeenCalledTimes(1);
    expect(fake.leaveView).not.toHaveBeenCalled();
  });

  it("names the address it was requested for if it is late or from another site", async () => {
    const late = { accountName: null, askedEmail: "mira@example.com" };
    await open(askTenant({ arrivedLink: arrived(late) }));
    expect(text("dialog")).toContain("asked for a link, but more than 15 minutes ago");
    expect(text("arrived-link")).toContain("Asked for with mira@example.com");
    await become(askTenant({ arrivedLink: arrived({ ...late, id: 2, otherSite: "evil.example" }) }));
    expect(text("dialog")).toContain("but this one is from another site");
    expect(text("arrived-link")).toContain("mira@example.com");
  });

  it("is asked about again when another one arrives", async () => {
    const user = await open(showAccount(undefined, { arrivedLink }));
    await user.click(get("ignore-link"));
    await become(showAccount(undefined, { arrivedLink: arrived({ id: 2, tenantId: "acme9012" }) }));
    expect(text("arrived-link")).toContain("acme9012");
    await user.click(get("ignore-link"));
    await become(showAccount());
    await become(showAccount(undefined, { arrivedLink: arrived({ id: 3, tenantId: "acme9012" }) }));
    expect(shown()).toBe(true);
  });

  it("is a new question when it replaces another, even with the same words", async () => {
    const user = await open(showAccount(undefined, { arrivedLink }));
    const first = get("dialog") as HTMLDialogElement;
    await become(showAccount(undefined, { arrivedLink: arrived({ id: 2 }) }));
    expect(get("dialog")).not.toBe(first);
    expect([shown(), focused()]).toEqual([true, "ignore-link"]);
    await user.click(get("take-link"));
    expect(fake.takeArrivedLink.mock.calls).toEqual([[2]]);
  });

  it("is not answered by the answer to the link before it", async () => {
    await open(showAccount(undefined, { arrivedLink }));
    // Closed, and before that is heard of the next one is there.
    const late = get("dialog");
    await become(showAccount(undefined, { arrivedLink: arrived({ id: 2 }) }));
    late.dispatchEvent(new Event("close"));
    await rest();
    expect(fake.ignoreArrivedLink.mock.calls).toEqual([[1]]);
    expect(shown()).toBe(true);
  });

  it("shows why it could not be used, and can be retried", async () => {
    fake.takeArrivedLink.mockRejectedValueOnce(errors.failed);
    const user = await open(askTenant({ arrivedLink }));
    await user.click(get("take-link"));
    await rest();
    expect(text("error")).toContain("The server cannot be reached.");
    expect(shown()).toBe(false);
    await become(askTenant({ arrivedLink: arrived() }));
    expect(shown()).toBe(false);
    await user.click(get("retry"));
    expect(fake.takeArrivedLink.mock.calls).toEqual([[1], [1]]);
    await rest();
    expect(shown()).toBe(false);
  });

  it("that failed on a locked keyring is asked about again after the unlock", async () => {
    fake.takeArrivedLink.mockRejectedValueOnce(errors.keyringLocked);
    const locked = { keyring: { ...keyring, status: "locked" } } as const;
    const user = await open(askTenant({ arrivedLink, ...locked }));
    await user.click(get("take-link"));
    await rest();
    expect([text("error"), shown()]).toEqual([expect.stringContaining("keyring is locked"), false]);
    await become(askTenant({ arrivedLink: arrived() }));
    expect([find("error"), shown()]).toEqual([null, true]);
    await user.click(get("take-link"));
    expect(fake.takeArrivedLink.mock.calls).toEqual([[1], [1]]);
  });

  it("is accessible", async () => {
    document.documentElement.lang = "en";
    document.title = "Userfront Accounts";
    await open(askTenant({ arrivedLink: arrived({ otherSite: "evil.example" }) }));
    const { violations } = await axe.run(document.documentElement, {
      rules: { "color-contrast": { enabled: false } },
    });
    expect(violations.map((it) => it.id)).toEqual([]);
  });
});
