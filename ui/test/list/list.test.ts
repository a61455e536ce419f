// The list of accounts: groups, search, pins, the rows in sight, the keyboard.

import { beforeEach, describe, expect, it } from "vitest";
import { account, askPassword, crowd, showAccount, showActivity, states } from "../../dev/states";
import { folded, inSight, itemsOf, matcher, topsOf } from "../../src/model/account-list";
import { violations } from "../support/axe";
import { fake } from "../support/fake-ipc";
import { width } from "../support/setup";
import { all, become, fill, find, focused, get, open, rest, text } from "../support/window";

const admin = account({ pinned: true });
const mira = account({
  id: "mira",
  name: "Mira Ölund",
  tenantId: "n",
  tenantName: "Nordlicht",
  mode: "live",
});
const viewer = account({ id: "viewer", name: "Väinö Viewer", tenantId: "n", tenantName: "Nordlicht" });
const three = [admin, mira, { ...viewer, mode: "live" } as const];

const rows = (): (string | undefined)[] => all("account-row").map((row) => row.dataset.account);
const rowOf = (): string | undefined =>
  document.activeElement?.closest<HTMLElement>("[data-testid=account-row]")?.dataset.account;

describe("the sidebar", () => {
  it("stands beside every view from two accounts on, but the list of all accounts", async () => {
    await open(showAccount([admin, mira]));
    for (const view of [askPassword(), showActivity(), states.settings, states["log-out-results"]]) {
      await become({ ...(view ?? askPassword()), accounts: three });
      expect(rows(), view?.view.name).toEqual([admin.id, "mira", "viewer"]);
    }
    await become({ ...askPassword(), accounts: [admin] });
    expect(find("account-list")).toBeNull();
    expect(get("show-settings"), "the other views stay in reach").toBeTruthy();
  });

  it("shows pinned accounts first, then each tenant, with the mode", async () => {
    await open(showAccount([...three, account({ id: "other", tenantName: "Nordlicht", tenantId: "n" })]));
    expect(all("account-group").map((it) => it.textContent?.replace(/\s+/g, " ").trim())).toEqual([
      "Pinned",
      "Nordlicht · live 2",
      "Nordlicht 1",
    ]);
  });

  it("says the health in words where it is not valid, and the number of the first nine", async () => {
    await open(showAccount(crowd(12)));
    const second = all("account-row").map((row) => row.querySelector(".fine")?.textContent?.trim());
    expect(second.slice(3, 6)).toEqual(["account4@example.com", "Ended", "Expired"]);
    const numbers = all("account-row").map((row) => row.querySelector("kbd")?.textContent ?? null);
    expect(numbers.slice(7)).toEqual(["Ctrl 8", "Ctrl 9", null, null, null]);
    expect(all("switch-account")[8]?.getAttribute("aria-keyshortcuts")).toBe("Control+9");
  });

  it("pins and unpins", async () => {
    const user = await open(showAccount(three));
    expect(all("pin-account").map((it) => it.getAttribute("aria-label")?.split(" ")[0])).toEqual([
      "Unpin",
      "Pin",
      "Pin",
    ]);
    await user.click(all("pin-account")[1] as HTMLElement);
    await user.click(all("pin-account")[0] as HTMLElement);
    expect(fake.setPinned.mock.calls).toEqual([
      ["mira", true],
      [admin.id, false],
    ]);
  });

  it("asks about unsaved edits before it switches", async () => {
    const profile = states.profile;
    if (!profile) throw new Error("no profile");
    const user = await open({ ...profile, accounts: [account(), mira] });
    await fill(user, "name", "Somebody Else");
    await user.click(all("switch-account")[1] as HTMLElement);
    expect([find("dialog") !== null, fake.switchAccount.mock.calls.length]).toEqual([true, 0]);
  });
});

describe("the search", () => {
  it.each([
    ["olund", ["mira"]],
    ["NORD live", ["mira", "viewer"]],
    ["viewer väinö", ["viewer"]],
    ["admin@", [admin.id, "mira", "viewer"]],
    ["expired", []],
    ["nobody", []],
  ])("for %s finds %j", async (query, expected) => {
    const user = await open(showAccount(three));
    await user.type(get("account-search"), query);
    expect(rows()).toEqual(expected);
    expect(find("no-account-matches") !== null).toBe(expected.length === 0);
  });

  it("opens the first by Enter, says how many there are, and is cleared by Escape", async () => {
    const user = await open(showAccount(three));
    await user.type(get("account-search"), "nordlicht");
    expect(document.querySelector(".search [role=status]")?.textContent).toBe("2 accounts found.");
    await user.keyboard("{Enter}");
    await rest();
    expect(fake.switchAccount.mock.calls).toEqual([["mira"]]);
    await user.keyboard("{Escape}");
    expect([rows().length, (get("account-search") as HTMLInputElement).value]).toEqual([3, ""]);
    await user.keyboard("{ArrowDown}");
    await rest();
    expect(rowOf(), "the row of the account in view").toBe(admin.id);
  });

  it("finds every word in any order, whatever its case and accents", () => {
    const matches = matcher("  ÖLUND mira ");
    expect(matches(folded("Mira Ölund"))).toBe(true);
    expect(matches(folded("Mira Oland"))).toBe(false);
  });
});

describe("a list of 1,000", () => {
  const many = showAccount(crowd(1000));

  beforeEach(() => {
    window.innerHeight = 700;
  });

  it("has only the rows in sight in the document, and says how many there are", async () => {
    await open(many);
    expect(all("account-row").length).toBeLessThan(40);
    const first = all("account-row")[0];
    expect([first?.getAttribute("aria-setsize"), first?.getAttribute("aria-posinset")]).toEqual([
      "1000",
      "1",
    ]);
    expect(await violations()).toEqual([]);
  });

  it("is walked through by the keyboard from the first to the last", async () => {
    const user = await open(many);
    all("switch-account")[0]?.focus();
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowUp}");
    await rest();
    expect(rowOf()).toBe("a1");
    await user.keyboard("{End}");
    await rest();
    expect([rowOf(), focused()]).toEqual(["a999", "switch-account"]);
    expect(all("account-row").length).toBeLessThan(40);
    await user.keyboard("{Home}");
    await rest();
    expect(rowOf()).toBe("a0");
    await user.keyboard("account 98");
    await rest();
    expect(rowOf(), "the next name that begins with what was typed").toBe("a97");
    expect(
      all("switch-account").filter((it) => it.tabIndex === 0),
      "one stop for Tab",
    ).toHaveLength(1);
  });

  it("has a row at every height", () => {
    const tops = topsOf(itemsOf(crowd(1000)));
    const end = tops.at(-1) ?? 0;
    expect(end).toBe(1000 * 54 + 26 * 34);
    for (let height = 0; height < end; height += 97) {
      const [first, after] = inSight(tops, height, height + 500);
      expect(tops[first]).toBeLessThanOrEqual(height);
      expect(tops[after]).toBeGreaterThanOrEqual(Math.min(end, height + 500));
    }
  });
});

describe("the sheet of a narrow window", () => {
  it("holds the same list, and is accessible", async () => {
    width.now = 380;
    const user = await open(showAccount(three));
    expect(text("account-switcher")).toBe("Accounts (3)");
    await user.click(get("account-switcher"));
    await rest();
    expect(rows()).toEqual([admin.id, "mira", "viewer"]);
    expect(await violations()).toEqual([]);
    await user.click(get("show-activity"));
    expect(fake.showActivity).toHaveBeenCalledTimes(1);
    expect(find("account-sheet")).toBeNull();
  });

  it("closes once a log-out has begun", async () => {
    width.now = 380;
    const user = await open(showAccount(three));
    await user.click(get("account-switcher"));
    await rest();
    await user.click(get("log-out-all"));
    expect(find("account-sheet"), "the question is open").toBeTruthy();
    await user.click(get("log-out-all-confirm"));
    await rest();
    expect([fake.logOutAll.mock.calls.length, find("account-sheet")]).toEqual([1, null]);
  });
});
