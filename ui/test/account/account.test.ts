import { screen } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";
import { account, admin, askPassword, errors, pending, showAccount, showAccounts } from "../../dev/states";
import { loggedOut } from "../../dev/states/log-out";
import { fake } from "../support/fake-ipc";
import { width } from "../support/setup";
import { all, become, find, focused, get, open, rest } from "../support/window";

const mira = account({ id: "mira", name: "Mira Ölund", health: "expired" });

describe("log out", () => {
  it("is one command, however often one clicks", async () => {
    const answer = fake.promised();
    fake.logOut.mockReturnValue(answer.promise);
    const user = await open(showAccount());
    await user.dblClick(get("log-out"));
    await user.keyboard("{Enter}");
    expect(fake.logOut.mock.calls).toEqual([[admin.id, true]]);
    expect(get("log-out").getAttribute("aria-busy")).toBe("true");
    expect(focused()).toBe("log-out");
    expect(get("log-out").textContent?.trim()).toBe("Log out");
    answer.resolve();
    await rest();
    expect(get("log-out").getAttribute("aria-busy")).toBe("false");
  });

  it("stays at work while Rust says so, whoever asked for it", async () => {
    const user = await open(
      showAccount([admin], { inProgress: [{ kind: "loggingOut", account: admin.id }] }),
    );
    expect(get("log-out").getAttribute("aria-busy")).toBe("true");
    await user.click(get("log-out"));
    expect(fake.logOut).not.toHaveBeenCalled();
    expect(get("status").textContent).toBe("Logging out of Admin User…");
  });

  it("is not at work for another account", async () => {
    await open(showAccount([admin, mira], { inProgress: [{ kind: "loggingOut", account: "mira" }] }));
    expect(get("log-out").getAttribute("aria-busy")).toBe("false");
  });

  it("ends in the login view, with the focus in it and the notice above it", async () => {
    const user = await open(showAccount());
    await user.click(get("log-out"));
    const notice = loggedOut;
    await become(askPassword({ notice }));
    expect(find("account-view")).toBeNull();
    expect(get("login-view").contains(document.activeElement)).toBe(true);
    expect(focused()).toBe("password");
    expect(get("notice").textContent).toContain("Logged out of Admin User.");
    expect(get("status").textContent).toBe("Logged out of Admin User.");
  });

  it("says why it failed, and tries again", async () => {
    fake.logOut.mockRejectedValueOnce(errors.failed);
    const user = await open(showAccount());
    await user.click(get("log-out"));
    await rest();
    expect(get("error").textContent).toContain("You are still logged in. The server cannot be reached.");
    expect(find("unlock")).toBeNull();
    await user.click(get("retry"));
    await rest();
    expect(fake.logOut.mock.calls).toEqual([
      [admin.id, true],
      [admin.id, true],
    ]);
    expect(find("error")).toBeNull();
    expect(focused(), "the button that was tried").toBe("log-out");
  });

  it.each([
    ["the account view", showAccount(undefined, { pendingRevocations: [pending()] }), "log-out"],
    ["the list of accounts", showAccounts([admin, mira], { pendingRevocations: [pending()] }), "log-out"],
  ])(
    "that failed says so above whatever else %s has to say, and comes into sight",
    async (_view, snapshot, button) => {
      fake.logOut.mockRejectedValue(errors.failed);
      const seen = vi.spyOn(Element.prototype, "scrollIntoView");
      const user = await open(snapshot);
      expect(seen).not.toHaveBeenCalled();
      await user.click(all(button)[0] as HTMLElement);
      await rest();
      expect(get("error").compareDocumentPosition(get("pending-revocations"))).toBe(
        Node.DOCUMENT_POSITION_FOLLOWING,
      );
      expect((seen.mock.contexts[0] as Element).contains(get("error"))).toBe(true);
      await user.click(all(button)[0] as HTMLElement);
      await rest();
      expect(seen, "and when it failed once more").toHaveBeenCalledTimes(2);
    },
  );

  it("offers to unlock when the keyring is locked", async () => {
    fake.logOut.mockRejectedValueOnce(errors.keyringLocked);
    const user = await open(showAccount());
    await user.click(get("log-out"));
    await rest();
    await user.click(get("unlock"));
    await rest();
    expect(fake.unlockKeyring).toHaveBeenCalledTimes(1);
    expect(find("error")).toBeNull();
  });

  it("offers to log out of all accounts, and asks first", async () => {
    const user = await open(showAccount());
    expect(find("log-out-all")).toBeNull();
    await become(showAccount([admin, mira]));
    await user.click(get("log-out-all"));
    expect(fake.logOutAll).not.toHaveBeenCalled();
    await user.click(get("log-out-all-confirm"));
    expect(fake.logOutAll).toHaveBeenCalledTimes(1);
  });
});

describe("an account", () => {
  it("shows who, where, and until when", async () => {
    await open(showAccount());
    expect(get("profile-name").textContent?.trim()).toBe("Admin User");
    const text = get("account-view").textContent?.replace(/\s+/g, " ");
    for (const part of [
      "admin@example.com",
      "Demo Workspace",
      "Test mode",
      "Stays logged in; renewed automatically.",
      "admin (user ID 1)",
      "demo1234 at api.userfront.com",
      "admin · Demo Workspace",
      "viewer · Nordlicht Oy",
      "Logged out. Userfront ended the session.",
      `GNOME Keyring, entry ${admin.keyringEntries[0]}`,
    ]) {
      expect(text).toContain(part);
    }
  });

  it("shows its picture only if it is one", async () => {
    fake.picture.mockResolvedValueOnce("data:image/png;base64,AAAA");
    await open(showAccount([account({ hasPicture: true })]));
    expect(document.querySelector("img")?.getAttribute("src")).toBe("data:image/png;base64,AAAA");
    fake.picture.mockResolvedValueOnce("https://example.com/track.png");
    await become(showAccount([account({ id: "other", hasPicture: true })]));
    expect(document.querySelector("img")).toBeNull();
    expect(fake.picture.mock.calls).toEqual([[admin.id], ["other"]]);
  });

  it("fetches a changed picture, and retries one that failed", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      await open(showAccount([account({ hasPicture: true })]));
      await become(showAccount([account({ hasPicture: true })]));
      expect(fake.picture).toHaveBeenCalledTimes(1);
      fake.picture.mockRejectedValueOnce(null).mockResolvedValueOnce("data:image/png;base64,BBBB");
      await become(showAccount([account({ hasPicture: true, pictureVersion: 2 })]));
      expect(fake.picture).toHaveBeenCalledTimes(2);
      expect(document.querySelector("img")).toBeNull();
      await vi.advanceTimersByTimeAsync(30_000);
      await rest();
      expect(document.querySelector("img")?.getAttribute("src")).toBe("data:image/png;base64,BBBB");
      await vi.advanceTimersByTimeAsync(3_600_000);
      expect(fake.picture, "it has come").toHaveBeenCalledTimes(3);
    } finally {
      vi.useRealTimers();
    }
  });

  it("keeps the initials when there is no picture to be had", async () => {
    fake.picture.mockRejectedValue(errors.failed);
    await open(showAccount([account({ hasPicture: true })]));
    expect(screen.getByText("AU")).toBeTruthy();
    expect(find("error")).toBeNull();
  });

  it("that Userfront signed out is asked to log in again, and can still log out", async () => {
    const user = await open(showAccount([account({ health: "signedOutByServer" })]));
    expect(get("health-notice").textContent).toContain("Your session has ended.");
    await user.click(get("log-in-again"));
    expect(fake.logInAgain.mock.calls).toEqual([[admin.id]]);
    await user.click(get("log-out"));
    expect(fake.logOut).toHaveBeenCalledTimes(1);
  });

  it("whose tokens somebody removed is asked to log in again", async () => {
    const user = await open(showAccount([account({ health: "tokensMissing" })]));
    expect(get("health-notice").textContent).toContain("missing from your keyring");
    expect(get("account-view").textContent).not.toContain("Tokens kept in");
    await user.click(get("log-in-again"));
    expect(fake.logInAgain.mock.calls).toEqual([[admin.id]]);
  });

  it("whose session has reached its own end says by whose clock, and is asked to log in again", async () => {
    const user = await open(showAccount([account({ health: "ended" })]));
    const text = get("account-view").textContent?.replace(/\s+/g, " ");
    expect(text).toContain("Your session has expired.");
    expect(text).toContain("by this computer's clock");
    for (const untrue of ["Session ends", "Renews by itself"]) expect(text).not.toContain(untrue);
    expect(find("refresh")).toBeNull();
    await user.click(get("log-in-again"));
    expect(fake.logInAgain.mock.calls).toEqual([[admin.id]]);
  });

  it("whose token expired can try again", async () => {
    const user = await open(showAccount([mira]));
    await user.click(get("retry"));
    expect(fake.retry).toHaveBeenCalledTimes(1);
  });
});

describe("the account list", () => {
  it("comes with the second account; one more can be added from the start", async () => {
    const user = await open(showAccount());
    expect(find("account-list")).toBeNull();
    await user.click(get("add-account"));
    expect(fake.addAccount).toHaveBeenCalledTimes(1);

    await become(showAccount([admin, mira]));
    const rows = all("account-row").map((row) => [row.dataset.account, row.dataset.health]);
    expect(rows).toEqual([
      [admin.id, "ok"],
      ["mira", "expired"],
    ]);
    expect(all("add-account")).toHaveLength(1);
    const buttons = all("switch-account");
    expect(buttons.map((it) => it.getAttribute("aria-current"))).toEqual(["true", null]);
    expect(buttons[1]?.textContent).toContain("Expired");
    await user.click(buttons[0] as HTMLElement);
    expect(fake.switchAccount).not.toHaveBeenCalled();
    await user.click(buttons[1] as HTMLElement);
    expect(fake.switchAccount.mock.calls).toEqual([["mira"]]);
  });

  it("moves the focus to the heading of the account that is switched to", async () => {
    await open(showAccount([admin, mira]));
    await become(showAccount([admin, mira], { view: { name: "account", id: "mira", recent: [] } }));
    expect(get("profile-name").textContent?.trim()).toBe("Mira Ölund");
    expect(focused()).toBe("profile-name");
    expect(get("status").textContent).toBe("Showing Mira Ölund.");
  });

  it("is not drawn anew when another account is shown, so that it keeps its scroll", async () => {
    await open(showAccount([admin, mira]));
    const list = get("account-list");
    const heading = get("profile-name");
    await become({ ...showAccount([admin, mira]), view: { name: "account", id: "mira", recent: [] } });
    expect(get("account-list")).toBe(list);
    expect(get("profile-name"), "what is beside it is").not.toBe(heading);
    expect(heading.isConnected).toBe(false);
  });

  it("keeps the focus when an account is logged out there, where its row was", async () => {
    const third = account({ id: "third", name: "Third" });
    const user = await open(showAccounts([admin, mira, third]));
    const rowOf = (): string | undefined =>
      document.activeElement?.closest<HTMLElement>("li")?.dataset.account;
    await user.click(all("log-out")[1] as HTMLElement);
    await become(showAccounts([admin, third]));
    expect([focused(), rowOf()]).toEqual(["log-out", "third"]);
    await become(showAccounts([admin]));
    expect([focused(), rowOf()], "the last one, where it was the last").toEqual(["log-out", admin.id]);
    await become(showAccounts([]));
    expect(document.activeElement?.textContent, "the list itself is gone").toBe("Accounts");
  });

  it("is closed in a narrow window until it is asked for, and Escape closes it", async () => {
    width.now = 380;
    const user = await open(showAccount([admin, mira]));
    const isOpen = (): string | null => get("account-switcher").getAttribute("aria-expanded");
    expect([isOpen(), find("account-list")]).toEqual(["false", null]);
    await user.click(get("account-switcher"));
    await rest();
    expect([isOpen(), all("account-row").length]).toEqual(["true", 2]);
    get("account-search").focus();
    await user.keyboard("{Escape}");
    await rest();
    expect([isOpen(), focused()]).toEqual(["false", "account-switcher"]);

    await user.click(get("account-switcher"));
    await rest();
    await user.click(all("switch-account")[1] as HTMLElement);
    await rest();
    expect([isOpen(), fake.switchAccount.mock.calls]).toEqual(["false", [["mira"]]]);
  });
});
