// Two accounts of one name and one tenant, wherever an account is named.

import { screen } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import {
  account,
  askPassword,
  errors,
  foreign,
  keyring,
  pending,
  sameName,
  shot,
  showAccount,
  showAccounts,
  unfinished,
} from "../../dev/states";
import type { AccountRow } from "../../src/bindings/AccountRow";
import type { Notice } from "../../src/bindings/Notice";
import type { Snapshot } from "../../src/bindings/Snapshot";
import type { Work } from "../../src/bindings/Work";
import { calledOf, noticeTitle, placeOf } from "../../src/words";
import { fake } from "../support/fake-ipc";
import { narrate } from "../support/narrate";
import { all, become, get, open, rest } from "../support/window";

const [one, two] = sameName as [AccountRow, AccountRow];
const hung = { ...keyring, status: "hung" } as const;

/**
 * The names of all that can be used, and what stands in each row: in the dialog, if there is one. A row of
 * the list of accounts is its button.
 */
function told(): string[] {
  const within = document.querySelector("dialog") ?? document.body;
  const words = (it: Element): string =>
    it.getAttribute("aria-label") ?? it.textContent?.replace(/\s+/g, " ").trim() ?? "";
  return [...within.querySelectorAll("button, a, li:not([data-testid=account-row])")].map(words);
}

const doubles = (words: string[]): string[] => words.filter((it, nth) => words.indexOf(it) !== nth);

describe("two accounts of the same name", () => {
  const entries = (which: string) => [`access.demo1234:${which}@test.x`, `refresh.demo1234:${which}@test.x`];
  const result = (row: AccountRow) =>
    ({
      account: row.id,
      accountName: calledOf(row),
      tenantId: row.tenantId,
      outcome: "pending",
      why: null,
    }) as const;
  const states: Record<string, Snapshot> = {
    "the accounts": showAccounts(sameName),
    "the account view": showAccount(sameName),
    "the login screen": askPassword({ accounts: sameName }),
    "what waits for the keyring": askPassword({
      keyring: hung,
      unfinished: sameName.map((row) => ({ ...unfinished(row), keyringEntries: entries(row.id) })),
    }),
    "pending sessions": askPassword({
      pendingRevocations: sameName.map((row) => pending({ id: row.id, accountName: calledOf(row) })),
    }),
    "several log-outs": askPassword({
      notice: { kind: "loggedOutOfSeveral", results: sameName.map(result) },
    }),
    leftovers: askPassword({
      leftovers: entries("one").map((entry) => ({ service: "desktop.userfront.accounts", entry })),
    }),
    "foreign sign-ins": askPassword({
      foreign: [
        foreign({ entry: "a" }),
        foreign({ entry: "b", mode: "live" }),
        foreign({ entry: "c", host: "x.example" }),
        foreign({ entry: "d", entries: ["d"], userUuid: null }),
        foreign({ entry: "e", entries: ["e"], userUuid: null }),
      ],
    }),
  };

  it.each(Object.entries(states))("are told apart in %s", async (_, state) => {
    await open(state);
    expect(doubles(told())).toEqual([]);
  });

  it("are told apart where all are asked about, and where they are stuck", async () => {
    fake.logOutAll.mockRejectedValue(errors.keyringHung);
    const user = await open(showAccounts(sameName));
    await user.click(get("log-out-all"));
    expect(doubles(told())).toEqual([]);
    await user.click(get("log-out-all-confirm"));
    await become(showAccounts(sameName, { keyring: hung }));
    await rest();
    expect(all("forget").map((it) => it.getAttribute("aria-label"))).toEqual([
      "Forget Admin User (one@example.com), Demo Workspace…",
      "Forget Admin User (two@example.com), Demo Workspace…",
    ]);
    expect(doubles(told())).toEqual([]);
    for (const [nth, row] of sameName.entries()) {
      await user.click(all("forget")[nth] as HTMLElement);
      expect(screen.getByRole("dialog", { name: new RegExp(row.email ?? "") })).toBeDefined();
      await user.keyboard("{Escape}");
    }
  });

  it("are told apart in the title of their view", async () => {
    await open(showAccount(sameName));
    expect(get("profile-name").textContent?.trim()).toBe("Admin User (one@example.com)");
    await become(showAccount([two, one]));
    expect(get("profile-name").textContent?.trim()).toBe("Admin User (two@example.com)");
  });

  it("are told apart by what is announced", () => {
    const busy = (row: AccountRow, kind: "loggingOut" | "refreshing" | "editingProfile"): Snapshot =>
      shot({ accounts: sameName, inProgress: [{ kind, account: row.id } as Work] });
    const shown = (row: AccountRow): Snapshot => showAccount([row, ...sameName.filter((it) => it !== row)]);
    const ended = (row: AccountRow): Snapshot =>
      shot({ accounts: sameName.map((it) => (it === row ? { ...it, health: "ended" } : it)) });
    const asked: ((row: AccountRow) => string)[] = [
      (row) => narrate(null, busy(row, "loggingOut"), ""),
      (row) => narrate(null, busy(row, "refreshing"), ""),
      (row) => narrate(null, busy(row, "editingProfile"), ""),
      (row) => narrate(shot({ accounts: sameName }), shown(row), ""),
      (row) => narrate(shot({ accounts: sameName }), ended(row), ""),
      (row) => narrate(shot(), shot({ keyring: hung, unfinished: [unfinished(row)] }), ""),
    ];
    for (const say of asked) {
      expect(say(one)).toContain("(one@example.com)");
      expect(say(two)).toBe(say(one).replace("one@", "two@"));
    }
    const notice = (row: AccountRow): Notice => ({ kind: "sessionOver", accountName: calledOf(row) });
    expect(noticeTitle(notice(two))).toBe("The session of Admin User (two@example.com) is over.");
  });
});

describe("an account", () => {
  it("is called by its name, and by no more than it takes", () => {
    expect([calledOf(account()), placeOf(account())]).toEqual(["Admin User", "Demo Workspace"]);
    const elsewhere = account({ toldApartBy: ["Demo Workspace", "live"] });
    expect(calledOf(elsewhere)).toBe("Admin User (Demo Workspace, live)");
    expect(placeOf(elsewhere)).toBe("Demo Workspace · live");
  });
});
