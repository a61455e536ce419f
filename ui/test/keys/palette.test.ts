// The palette: everything by keyboard.

import type { UserEvent } from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { account, askTenant, crowd, many, showAccount } from "../../dev/states";
import type { Snapshot } from "../../src/bindings/Snapshot";
import { violations } from "../support/axe";
import { fake } from "../support/fake-ipc";
import { all, become, find, get, open, rest } from "../support/window";

/** Without the picture, which is hidden from screen readers. */
const read = (row: HTMLElement): string =>
  [...row.children]
    .filter((part) => part.getAttribute("aria-hidden") !== "true")
    .map((part) => part.textContent?.replace(/\s+/g, " ").trim())
    .join(" ");
const rows = (): string[] => all("palette-row").map(read);
const marked = (): string | undefined =>
  all("palette-row")
    .filter((row) => row.getAttribute("aria-selected") === "true")
    .map(read)[0];

async function show(snapshot: Snapshot, query = ""): Promise<UserEvent> {
  const user = await open(snapshot);
  await user.keyboard("{Control>}k{/Control}");
  await rest();
  get("palette-search").focus();
  if (query !== "") await user.keyboard(query);
  return user;
}

describe("the palette", () => {
  it("switches by a few letters and Enter", async () => {
    const user = await show(showAccount(many), "nord su");
    expect(rows()[0]).toBe("Support support@nordlicht.example · Nordlicht Oy · live ↵ Switch");
    expect([...document.querySelectorAll("mark")].map((it) => it.textContent)).toContain("Su");
    await user.keyboard("{Enter}");
    await rest();
    expect([fake.switchAccount.mock.calls, find("palette")]).toEqual([[["support"]], null]);
  });

  it("finds a name without its accents", async () => {
    await show(showAccount(many), "olund");
    expect(rows()[0]).toContain("Mira Ölund");
  });

  it("finds the 40th of 300 by its name", async () => {
    const user = await show(showAccount(crowd(300)), "account40@");
    await user.keyboard("{Enter}");
    await rest();
    expect(fake.switchAccount.mock.calls).toEqual([["a39"]]);
  });

  it("copies an access token by Ctrl C, unless a text is selected", async () => {
    const user = await show(showAccount(many), "mira");
    const field = get("palette-search") as HTMLInputElement;
    field.select();
    await user.keyboard("{Control>}c{/Control}");
    expect([fake.copyToken.mock.calls.length, find("palette") !== null]).toEqual([0, true]);
    field.setSelectionRange(4, 4);
    await user.keyboard("{Control>}c{/Control}");
    await rest();
    expect([fake.copyToken.mock.calls, find("palette")]).toEqual([[["mira"]], null]);
  });

  it("does not offer to log out of all where nobody is logged in", async () => {
    await show(askTenant());
    expect(rows()).not.toContain("Log out of all…");
  });

  it("copies the access token of the marked account, where the setting allows it", async () => {
    const start = showAccount(many);
    const user = await show({ ...start, settings: { ...start.settings, copyToken: true } }, "mira");
    const copy = all("palette-row").find((row) => read(row) === "Copy access token of Mira Ölund Ctrl C");
    await user.click(copy as HTMLElement);
    expect(fake.copyToken.mock.calls).toEqual([["mira"]]);
    await become({ ...start, settings: { ...start.settings, copyToken: false } });
    await user.keyboard("{Control>}k{/Control}");
    await rest();
    expect(rows().filter((row) => row.startsWith("Copy"))).toEqual([]);
  });

  it("logs out of the account that is marked, without a question", async () => {
    const user = await show(showAccount(many), "mira");
    expect(rows()).toContain("Log out of Mira Ölund Ctrl ↵");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await rest();
    expect(fake.logOut.mock.calls).toEqual([["mira", false]]);
  });

  it("keeps the account whose commands are walked to", async () => {
    const user = await show(showAccount(many));
    await user.keyboard("{ArrowDown}");
    expect(marked()).toContain("Mira Ölund");
    for (const _ of many.slice(1)) await user.keyboard("{ArrowDown}");
    expect(marked()).toBe("Log out of 田中 さくら Ctrl ↵");
    await user.keyboard("{ArrowDown}");
    expect(marked()).toBe("Add an account");
    expect(rows(), "of the account that was marked last").toContain("Log out of 田中 さくら Ctrl ↵");
    const row = get("palette-search").getAttribute("aria-activedescendant");
    expect(document.getElementById(row ?? "")?.getAttribute("aria-selected")).toBe("true");
  });

  it.each([
    ["add", fake.addAccount],
    ["settings", fake.showSettings],
    ["activity", fake.showActivity],
  ])("runs the command %s", async (query, command) => {
    const user = await show(showAccount([account()]), query);
    await user.keyboard(`${"{ArrowDown}".repeat(rows().length - 1)}{Enter}`);
    await rest();
    expect(command).toHaveBeenCalledTimes(1);
  });

  it("asks before it logs out of all, and shows the shortcuts", async () => {
    const user = await show(showAccount(many), "log out of all");
    await user.click(all("palette-row").at(-1) as HTMLElement);
    expect(get("log-out-all-confirm")).toBeTruthy();
    expect(fake.logOutAll).not.toHaveBeenCalled();
  });

  it("leaves Enter to an input method, as WebKit tells it", async () => {
    await show(showAccount(many), "mira");
    for (const composing of [{ isComposing: true }, { keyCode: 229 }]) {
      const enter = new KeyboardEvent("keydown", {
        key: "Enter",
        bubbles: true,
        cancelable: true,
        ...composing,
      });
      get("palette-search").dispatchEvent(enter);
      await rest();
      expect([enter.defaultPrevented, find("palette") !== null]).toEqual([false, true]);
    }
    expect(fake.switchAccount).not.toHaveBeenCalled();
  });

  it("is accessible, and says when nothing matches", async () => {
    const user = await show(showAccount(many));
    expect(await violations()).toEqual([]);
    await user.keyboard("zzzz");
    expect([rows(), get("palette").textContent]).toEqual([[], expect.stringContaining("Nothing matches.")]);
  });
});
