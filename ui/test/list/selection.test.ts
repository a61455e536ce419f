// Selecting accounts, logging them out together, and the result page.

import { within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { account, crowd, errors, logOutRow, pending, showAccount, showResults } from "../../dev/states";
import { now } from "../../dev/states/time";
import type { LogOutOutcome } from "../../src/bindings/LogOutOutcome";
import { resultsHeard, rowWords, sumOfResults } from "../../src/words";
import { violations } from "../support/axe";
import { fake } from "../support/fake-ipc";
import { narrate } from "../support/narrate";
import { all, become, find, get, isOff, open, rest, text } from "../support/window";

const accounts = crowd(8);
const start = showAccount(accounts);
const chosen = (): (string | undefined)[] =>
  all("account-row")
    .filter((row) => row.dataset.selected === "true")
    .map((row) => row.dataset.account);
const row = (nth: number): HTMLElement => all("switch-account")[nth] as HTMLElement;

describe("a selection", () => {
  it("is made by Ctrl, by Shift and by Ctrl A, as in any list, and switches to nothing", async () => {
    const user = await open(start);
    await user.keyboard("{Control>}");
    await user.click(row(1));
    await user.click(row(3));
    await user.keyboard("{/Control}");
    expect([chosen(), text("selection-bar")]).toEqual([["a1", "a3"], "2 selected Log out Cancel"]);
    await user.keyboard("{Shift>}");
    await user.click(row(5));
    await user.keyboard("{/Shift}");
    expect(chosen(), "from the last one that was chosen").toEqual(["a3", "a4", "a5"]);
    await user.keyboard("{Shift>}{ArrowUp}{ArrowUp}{ArrowUp}{/Shift}");
    await rest();
    expect(chosen(), "to and fro around where it began").toEqual(["a2", "a3"]);
    await user.keyboard("{Control>}a{/Control}");
    expect(chosen()).toHaveLength(8);
    expect(row(0).textContent).toContain("selected");
    await user.keyboard("{Escape}");
    expect([chosen(), find("selection-bar")]).toEqual([[], null]);
    expect(fake.switchAccount).not.toHaveBeenCalled();
    await user.keyboard("{Control>}");
    await user.click(row(1));
    await user.keyboard("{/Control}");
    await user.click(row(2));
    expect([chosen(), fake.switchAccount.mock.calls]).toEqual([[], [["a2"]]]);
  });

  it("says how many of it the search hides, and takes in only what is shown", async () => {
    const user = await open(start);
    await user.keyboard("{Control>}");
    await user.click(row(1));
    await user.keyboard("{/Control}");
    await user.type(get("account-search"), "account4@");
    expect(text("selection-bar")).toContain("1 selected, 1 not shown");
    row(0).focus();
    await user.keyboard("{Control>}a{/Control}");
    expect(text("selection-bar")).toContain("2 selected, 1 not shown");
    await user.click(get("log-out-selected"));
    for (const name of ["Account 2", "Account 4"]) expect(text("dialog"), "both are named").toContain(name);
  });

  it("is logged out after one question that names the accounts", async () => {
    const user = await open(start);
    await user.keyboard("{Control>}");
    await user.click(row(1));
    await user.click(row(3));
    await user.keyboard("{/Control}");
    await user.click(get("log-out-selected"));
    expect(text("dialog")).toContain("Log out of 2 accounts?");
    for (const name of ["Account 2", "Account 4"]) expect(text("dialog")).toContain(name);
    expect(await violations()).toEqual([]);
    await user.click(get("log-out-all-confirm"));
    expect(fake.logOutSeveral.mock.calls).toEqual([[["a1", "a3"]]]);
  });

  it("keeps what is still logged in", async () => {
    const user = await open(start);
    await user.keyboard("{Control>}");
    await user.click(row(1));
    await user.click(row(3));
    await user.keyboard("{/Control}");
    const left = accounts.filter(({ id }) => id !== "a1");
    await become(showResults([logOutRow("ended", accounts[1]), logOutRow("stillLoggedIn", accounts[3])]));
    await become({ ...showAccount(left) });
    expect([chosen(), text("selection-bar")]).toEqual([["a3"], "1 selected Log out Cancel"]);
  });

  it("does not come back with an account that is logged in again", async () => {
    const user = await open(start);
    await user.keyboard("{Control>}");
    await user.click(row(1));
    await user.click(row(3));
    await user.keyboard("{/Control}");
    await become(showAccount(accounts.filter(({ id }) => id !== "a1")));
    await become(start);
    expect(chosen()).toEqual(["a3"]);
  });

  it("of one account is logged out as that account is everywhere, without a question", async () => {
    fake.logOut.mockRejectedValue(errors.noKeyring);
    const user = await open(start);
    await user.keyboard("{Control>}");
    await user.click(row(3));
    await user.keyboard("{/Control}");
    await user.click(get("log-out-selected"));
    await rest();
    expect([fake.logOut.mock.calls, fake.logOutSeveral.mock.calls]).toEqual([[["a3", false]], []]);
    expect(within(get("error")).getAllByTestId("forget")).toHaveLength(1);
  });

  it("that could not be logged out offers to forget its own accounts only", async () => {
    fake.logOutSeveral.mockRejectedValue(errors.noKeyring);
    const user = await open(start);
    await user.keyboard("{Control>}");
    await user.click(row(1));
    await user.click(row(3));
    await user.keyboard("{/Control}");
    await user.click(get("log-out-selected"));
    await user.click(get("log-out-all-confirm"));
    await rest();
    expect(within(get("error")).getAllByTestId("forget")).toHaveLength(2);
  });

  it("cannot be logged out twice at once", async () => {
    fake.logOutSeveral.mockReturnValue(fake.promised().promise);
    const user = await open(start);
    await user.keyboard("{Control>}");
    await user.click(row(1));
    await user.click(row(3));
    await user.keyboard("{/Control}");
    await user.click(get("log-out-selected"));
    await user.click(get("log-out-all-confirm"));
    await rest();
    expect([isOff("log-out-selected"), isOff("log-out-group")]).toEqual([true, true]);
    await user.click(get("log-out-group"));
    expect(find("dialog")).toBeNull();
  });

  it("of a tenant is its heading's, with the accounts that are pinned or not searched for", async () => {
    const pinned = { ...(accounts[4] ?? account()), id: "first", pinned: true };
    const elsewhere = { ...(accounts[4] ?? account()), id: "elsewhere", apiHost: "api.example.org" };
    const user = await open(showAccount([pinned, ...accounts, elsewhere]));
    await user.type(get("account-search"), "account4@");
    await user.click(all("log-out-group")[0] as HTMLElement);
    await user.click(get("log-out-all-confirm"));
    expect(fake.logOutSeveral.mock.calls).toEqual([[["first", "a3", "a4", "a5", "a6", "a7"]]]);
  });

  it("of a tenant is its heading's", async () => {
    const user = await open(start);
    expect(all("log-out-group"), "pinned accounts are of many tenants").toHaveLength(1);
    await user.click(get("log-out-group"));
    await user.click(get("log-out-all-confirm"));
    expect(fake.logOutSeveral.mock.calls).toEqual([[["a3", "a4", "a5", "a6", "a7"]]]);
  });
});

describe("the result page", () => {
  it("has a row for each, with its outcome and its own remedy", async () => {
    const user = await open(showResults());
    expect(text("log-out-sum")).toBe("4 logged out, 1 pending, 2 not confirmed, 1 still logged in");
    const outcomes = all("log-out-result").map((it) => it.dataset.outcome);
    expect(outcomes).toEqual([
      "ended",
      "alreadyOver",
      "accepted",
      "pending",
      "stillPresent",
      "here",
      "lost",
      "stillLoggedIn",
    ]);
    const words = all("log-out-result").map((it) => it.textContent?.replace(/\s+/g, " ").trim());
    expect(words[3]).toContain("The server did not answer in time. Retrying in 3 min.");
    expect(words[4]).toContain(accounts[0]?.keyringEntries[0]);
    expect(words[7]).toContain("Still logged in. The keyring is locked.");
    await user.click(get("retry-revocation"));
    expect(fake.retryRevocation.mock.calls).toEqual([["p1"]]);
    await user.click(get("unlock"));
    expect(fake.unlockKeyring).toHaveBeenCalledTimes(1);
    await user.click(get("retry"));
    expect(fake.retry).toHaveBeenCalledTimes(1);
    expect(find("pending-revocations"), "nothing is said twice").toBeNull();
    await user.click(get("leave-view"));
    await rest();
    await user.keyboard("{Escape}");
    expect(fake.leaveView).toHaveBeenCalledTimes(2);
  });

  it("shows the notices that no row says, and only those", async () => {
    const lost = logOutRow("lost", accounts[0]);
    const one = [lost, logOutRow("pending", accounts[1])];
    const said = {
      kind: "sessionLost",
      accountName: lost.accountName,
      aliveUntil: lost.aliveUntil ?? 0,
    } as const;
    const other = pending({ id: "p2", accountName: "Somebody" });
    await open(
      showResults(one, {
        notice: said,
        pendingRevocations: [pending(), other],
        inProgress: [{ kind: "closing" }],
      }),
    );
    expect([find("notice"), find("closing") !== null]).toEqual([null, true]);
    expect(text("pending-revocations")).toContain("Somebody");
    expect(text("pending-revocations")).not.toContain(pending().accountName);
    const grave = { kind: "notLoggedOut", accountName: "Somebody" } as const;
    await become(showResults(one, { notice: grave }));
    expect(text("notice")).toContain("Not logged out of Somebody.");
    expect(narrate(showResults(one), showResults(one, { notice: grave }), "")).toContain("Not logged out of");
    expect(narrate(showResults(one), showResults(one, { notice: said }), "")).toBe("");
  });

  it("claims no more than is known", () => {
    const words = (outcome: LogOutOutcome): string => rowWords(logOutRow(outcome), undefined, now);
    expect(words("alreadyOver")).toBe("Logged out. Userfront no longer accepts this session’s tokens.");
    expect(words("stillPresent")).toBe("Logged out. A token is still in your keyring.");
    expect(words("lost")).toMatch(/may still be alive: .* It ends by itself on .+\.$/);
    expect(resultsHeard([logOutRow("stillPresent")])).toMatch(/A token is still in your keyring\.$/);
  });

  it("offers to discard one that is pending, with the usual question", async () => {
    const user = await open(showResults([logOutRow("pending"), logOutRow("ended", accounts[1])]));
    await user.click(get("discard-revocation"));
    expect(text("dialog")).toContain("Stop trying to end this session?");
    expect(fake.discardRevocation).not.toHaveBeenCalled();
    await user.click(get("discard-confirm"));
    expect(fake.discardRevocation.mock.calls).toEqual([["p1"]]);
  });

  it("offers to unlock a locked keyring, or to log out once it is unlocked", async () => {
    const left = logOutRow("stillLoggedIn", accounts[0]);
    const user = await open(showResults([left, logOutRow("ended", accounts[1])], { accounts }));
    expect([find("keyring-panel"), find("forget")], "the row says it").toEqual([null, null]);
    await user.click(get("unlock"));
    await user.click(get("log-out-later"));
    expect(fake.logOutOnceUnlocked.mock.calls).toEqual([[left.account]]);
    const waiting = [logOutRow("waiting", accounts[0]), logOutRow("ended", accounts[1])];
    const unfinished = accounts.slice(0, 1).map((it) => ({
      account: it.id,
      accountName: it.name,
      tenantId: it.tenantId,
      verb: "logOut" as const,
      keyringEntries: it.keyringEntries,
      sessionEndsAt: it.sessionEndsAt,
    }));
    await become(showResults(waiting, { accounts, unfinished }));
    expect(text("log-out-sum")).toBe("1 logged out, 1 waiting for the keyring");
    expect([find("unfinished"), find("keyring-panel"), find("log-out-later")]).toEqual([null, null, null]);
    expect(all("unlock")).toHaveLength(1);
  });

  it("offers to forget an account whose keyring is gone, and then claims no log-out", async () => {
    const left = logOutRow("stillLoggedIn", accounts[0]);
    const gone = { keyring: { ...showAccount().keyring, status: "unavailable" as const }, accounts };
    const user = await open(showResults([left, logOutRow("ended", accounts[1])], gone));
    expect([all("log-out-again").length, all("log-out-later").length, find("unlock")]).toEqual([1, 1, null]);
    await user.click(get("forget"));
    expect(text("dialog")).toContain(accounts[0]?.keyringEntries[0]);
    await user.click(get("forget-confirm"));
    expect(fake.forget.mock.calls).toEqual([[left.account]]);
    const rows = [logOutRow("forgotten", accounts[0]), logOutRow("ended", accounts[1])];
    await become(showResults(rows, gone));
    expect(text("log-out-sum")).toBe("1 logged out, 1 forgotten");
    expect(find("forget")).toBeNull();
  });

  it("leaves selected what failed", async () => {
    const user = await open(start);
    await user.click(get("log-out-group"));
    await user.click(get("log-out-all-confirm"));
    const failed = accounts.slice(3, 4);
    const rows = accounts
      .slice(3)
      .map((it) => logOutRow(it.id === failed[0]?.id ? "stillLoggedIn" : "ended", it));
    await become(showResults(rows, { accounts: accounts.slice(0, 4) }));
    expect(text("selection-bar")).toContain("1 selected");
    await become(
      showResults(rows, {
        accounts: accounts.slice(0, 4),
        unfinished: failed.map((it) => ({
          account: it.id,
          accountName: it.name,
          tenantId: it.tenantId,
          verb: "logOut",
          keyringEntries: [],
          sessionEndsAt: 0,
        })),
      }),
    );
    expect(find("selection-bar"), "it waits to be logged out").toBeNull();
  });

  it("tries one that is still logged in again, and says why it failed", async () => {
    const results = showResults([logOutRow("stillLoggedIn")], {
      accounts: [account()],
      keyring: showAccount().keyring,
    });
    fake.logOut.mockRejectedValue(errors.failed);
    const user = await open(results);
    await user.click(get("log-out-again"));
    await rest();
    expect(fake.logOut.mock.calls).toEqual([[account().id, false]]);
    expect(text("error")).toContain("The server cannot be reached.");
  });

  it("is heard when the last has ended: the sum, then the failures", () => {
    const under = [logOutRow("ended", accounts[0]), logOutRow(null, accounts[1])];
    const over = [logOutRow("ended", accounts[0]), logOutRow("stillLoggedIn", accounts[1])];
    const busy = { inProgress: [{ kind: "loggingOut", account: "a1" } as const] };
    expect(narrate(null, showResults(under, busy), "")).toBe("Logging out of Account 2…");
    expect(narrate(showResults(under, busy), showResults(over), "")).toBe(
      "1 logged out, 1 still logged in. Account 2: Still logged in. The keyring is locked. Unlock it, then " +
        "try again.",
    );
    expect(sumOfResults(under)).toBe("Logging out of 2 accounts…");
    expect(resultsHeard([logOutRow("pending")])).toContain("1 pending. Admin User: Logged out on this");
    expect(pending().id).toBe("p1");
  });
});
