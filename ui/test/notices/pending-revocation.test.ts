// Pending revocations: their words and their buttons.

import { within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { askPassword, keyring, pending, states } from "../../dev/states";
import { fake } from "../support/fake-ipc";
import { all, become, find, focused, get, open, rest } from "../support/window";

const text = (element: HTMLElement | undefined): string =>
  element?.textContent?.replace(/\s+/g, " ").trim() ?? "";

describe("a pending revocation", () => {
  it("says whose, since when, why, how often, when again, and until when", async () => {
    await open(askPassword({ pendingRevocations: [pending({ tries: 3 })] }));
    expect(text(get("pending-row"))).toMatch(
      /^Admin User, demo1234 since \w+, \d\d:\d\d The server did not answer in time\. Tried 3 times\. Retrying in 3 min\. The session would end by itself on \d+ \w+/,
    );
    expect(text(get("pending-revocations"))).toContain("We keep retrying while the app is open.");
  });

  it("shows what the keyring or the disk said", async () => {
    await open(states["pending-detail"] ?? askPassword());
    expect(text(get("pending-row"))).toContain("The account list cannot be written.");
    expect(text(get("pending-row"))).toContain("No space left on device (os error 28)");
    await become(askPassword({ pendingRevocations: [pending()] }));
    expect(get("pending-row").querySelector("details")).toBeNull();
  });

  it("that still answers says so, and until when", async () => {
    await open(states["pending-answers"] ?? askPassword());
    expect(text(get("pending-row"))).toMatch(
      /Userfront said that the session is over, but still accepted a token of it\. Its tokens expire on \d+ \w+/,
    );
  });

  it("is tried again by itself, and is busy while Rust asks", async () => {
    const rows = [pending(), pending({ id: "p2", accountName: "Mira" })];
    const user = await open(askPassword({ pendingRevocations: rows }));
    await user.click(all("retry-revocation")[1] as HTMLElement);
    expect(fake.retryRevocation.mock.calls).toEqual([["p2"]]);
    await rest();
    await become(
      askPassword({ pendingRevocations: rows, inProgress: [{ kind: "revoking", pending: "p1" }] }),
    );
    expect(all("retry-revocation").map((it) => it.getAttribute("aria-busy"))).toEqual(["true", "false"]);
    expect(text(all("pending-row")[0])).toContain("Asking Userfront now…");
    await user.click(all("retry-revocation")[0] as HTMLElement);
    expect(fake.retryRevocation).toHaveBeenCalledTimes(1);
  });

  it("is discarded only after hearing that its session may live on", async () => {
    const user = await open(states["pending-many"] ?? askPassword());
    const row = within(all("pending-row")[1] as HTMLElement);
    await user.click(row.getByTestId("discard-revocation"));
    expect(text(get("dialog"))).toMatch(
      /nothing on this computer can end the session.*may stay alive at Userfront until \d/,
    );
    expect(fake.discardRevocation).not.toHaveBeenCalled();
    await user.click(get("discard-confirm"));
    expect(fake.discardRevocation.mock.calls).toEqual([["p2"]]);
    await rest();
    expect(find("dialog")).toBeNull();
  });

  it("that is gone takes its question with it, and the focus goes home", async () => {
    const user = await open(askPassword({ pendingRevocations: [pending()] }));
    await user.click(get("discard-revocation"));
    expect(focused()).toBe("cancel");
    await become(askPassword());
    expect(find("dialog")).toBeNull();
    expect(focused()).toBe("password");
  });

  it("of the last log-out is told once, in one panel that stands for the notice", async () => {
    await open(states["logged-out-pending"] ?? askPassword());
    expect(text(get("notice"))).toMatch(
      /^Logged out on this computer\. Userfront has not confirmed it yet\. We keep retrying while the app is open\./,
    );
    expect(get("notice").contains(get("pending-row"))).toBe(true);
    expect(all("pending-revocations")).toHaveLength(1);
    expect(text(get("status"))).toContain("Logged out of Admin User on this computer.");
    await become(states["pending-many"] ?? askPassword());
    expect(find("notice")).toBeNull();
    expect(text(get("pending-revocations"))).toContain("2 sessions may still be alive at Userfront.");
  });

  it("that is over says until when its access token is accepted all the same, and nothing else", async () => {
    await open(states["logged-out-accepted"] ?? askPassword());
    expect(text(get("notice"))).toMatch(
      /^Logged out of Admin User\. The session is over and cannot be renewed, and its tokens are deleted here\. Userfront still accepts its access token until [^.]+\.$/,
    );
    await become(states["logged-out"] ?? askPassword());
    expect(text(get("notice"))).not.toContain("still accepts");
  });

  it("that is over says where a keyring with a recycle bin keeps the token", async () => {
    const keepassxc = { ...keyring, name: "KeePassXC", keepsDeleted: true };
    await open({ ...(states["logged-out"] ?? askPassword()), keyring: keepassxc });
    expect(text(get("notice"))).toContain(
      "KeePassXC keeps deleted entries in its recycle bin. Empty it there.",
    );
  });

  it("that is over says that the list of accounts could not be written", async () => {
    await open(states["logged-out-unwritten"] ?? askPassword());
    expect(text(get("notice"))).toBe(
      "Logged out of Admin User. The session ended at Userfront, and its tokens are deleted here. " +
        "The list of accounts could not be written. The account is removed from it as soon as that works.",
    );
    expect(text(get("status"))).toBe("Logged out of Admin User. The list of accounts could not be written.");
    await become(states["logged-out"] ?? askPassword());
    expect(text(get("notice"))).not.toContain("written");
  });

  it("that is alive though the server had ended it is not said to be logged out", async () => {
    await open(states["not-logged-out"] ?? askPassword());
    expect(text(get("notice"))).toBe(
      "Not logged out of Admin User. Userfront says that the session is over, and still accepts its " +
        "tokens: they are in your keyring again. Log out again once the list of accounts can be written.",
    );
    expect(text(get("status"))).toBe("Not logged out of Admin User. Userfront still accepts its tokens.");
  });

  it("stands below the notice of its log-out if that offers a page to open", async () => {
    const notice = {
      kind: "loggedOut",
      accountName: "Admin User",
      outcome: "pending",
      acceptedUntil: null,
      unwritten: false,
      openInBrowser: "example.com/goodbye",
    } as const;
    await open(askPassword({ notice, pendingRevocations: [pending()] }));
    expect(text(get("notice"))).toContain("Userfront has not confirmed that the session is over; see below.");
    expect(get("notice").contains(get("pending-row"))).toBe(false);
    expect(get("notice").compareDocumentPosition(get("pending-revocations"))).toBe(
      Node.DOCUMENT_POSITION_FOLLOWING,
    );
  });
});
