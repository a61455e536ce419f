import { screen } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { admin, askPassword, showAccount, states } from "../../dev/states";
import { fake } from "../support/fake-ipc";
import { all, become, find, focused, get, open } from "../support/window";

describe("pending revocations", () => {
  it.each([
    ["remnant", "retry", "at its next start and when the keyring is unlocked"],
    ["registry", "retry", "The account list cannot be written. Free some disk space"],
    ["keyring-unavailable", "retry", "No keyring is running. Start GNOME Keyring or KDE Wallet."],
    ["keyring-hung", "retry", "does not answer"],
  ])("%s is said and can be tried again", async (state, button, words) => {
    const user = await open(states[state] ?? showAccount());
    expect(document.body.textContent?.replace(/\s+/g, " ")).toContain(words);
    await user.click(get(button));
    expect(fake.retry).toHaveBeenCalledTimes(1);
  });

  it.each([
    [
      "keyring-not-allowed",
      "Allow access",
      "KeePassXC has not allowed this app to use some of its sign-ins.",
    ],
    ["no-keyring", "Create a keyring", "There is no keyring yet."],
  ])("%s is not called locked, and the keyring can be asked", async (state, label, words) => {
    const user = await open(states[state] ?? showAccount());
    expect(get("keyring-panel").textContent).toContain(words);
    expect(document.body.textContent).not.toContain("locked");
    expect(get("unlock").textContent.trim()).toBe(label);
    await user.click(get("unlock"));
    expect(fake.unlockKeyring).toHaveBeenCalledTimes(1);
  });

  it.each([
    [
      "remnant-keepassxc",
      2,
      "KeePassXC may ask in its own window whether to delete them. Answer there, then try again.",
    ],
    [
      "remnant-keepassxc",
      1,
      "KeePassXC may ask in its own window whether to delete it. Answer there, then try again.",
    ],
  ])("%s of %i says that the keyring may ask", async (state, count, words) => {
    const snapshot = states[state] ?? showAccount();
    await open({ ...snapshot, leftovers: snapshot.leftovers.slice(0, count) });
    expect(all("remnant")).toHaveLength(count);
    expect(get("remnants").textContent).toContain(words);
    await become(states["remnant-two"] ?? showAccount());
    expect(get("remnants").textContent).not.toContain("may ask");
  });

  it("names service and entry of a remnant in full", async () => {
    await open(states.remnant ?? showAccount());
    expect(get("remnant").textContent).toContain("desktop.userfront.accounts");
    expect(get("remnant").textContent).toContain(admin.keyringEntries[0]);
  });

  it("a notice goes when it is dismissed, and does not take the focus with it", async () => {
    const user = await open(states["logged-out"] ?? showAccount());
    await user.click(screen.getByRole("button", { name: "Dismiss" }));
    expect(fake.dismissNotice).toHaveBeenCalledTimes(1);
    await become(askPassword());
    expect(find("notice")).toBeNull();
    expect(focused()).toBe("password");
  });

  it("opens the tenant's page in a browser, named by its address", async () => {
    const user = await open(states["open-in-browser"] ?? showAccount());
    expect(get("open-in-browser").textContent?.trim()).toBe(
      "Open example.com/goodbye?from=desktop in your browser",
    );
    await user.click(get("open-in-browser"));
    expect(fake.openInBrowser).toHaveBeenCalledTimes(1);
  });
});
