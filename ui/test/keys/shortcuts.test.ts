// The keyboard shortcuts, and the list of them.

import { describe, expect, it } from "vitest";
import { account, askPassword, crowd, errors, showAccount, showActivity } from "../../dev/states";
import type { Snapshot } from "../../src/bindings/Snapshot";
import { askedBy, shortcuts } from "../../src/model/shortcuts";
import { ariaShortcut, shortcutWords } from "../../src/words";
import { violations } from "../support/axe";
import { fake } from "../support/fake-ipc";
import { all, become, find, focused, get, open, rest, text } from "../support/window";

const press = (key: string, code: string, change: Partial<KeyboardEvent> = {}) => ({
  key,
  code,
  altKey: false,
  ctrlKey: true,
  metaKey: false,
  shiftKey: false,
  ...change,
});

describe("a key press", () => {
  it.each([
    ["1", press("1", "Digit1"), 1],
    ["1 on a French keyboard", press("&", "Digit1"), 1],
    ["1 on a French keyboard with Shift", press("1", "Digit1", { shiftKey: true }), 1],
    ["1 of the number block", press("1", "Numpad1"), 1],
    ["0", press("0", "Digit0"), undefined],
    ["K", press("k", "KeyK"), "palette"],
    ["K on a Dvorak keyboard", press("k", "KeyV"), "palette"],
    ["the key at K on a Dvorak keyboard", press("t", "KeyK"), undefined],
    ["K on a Russian keyboard", press("л", "KeyK"), "palette"],
    ["F on a Greek keyboard", press("φ", "KeyF"), "find"],
    ["`", press("`", "Backquote"), "switchBack"],
    ["` on a German keyboard", press("^", "Backquote"), "switchBack"],
    ["/", press("/", "Slash"), "shortcuts"],
    ["/ on a German keyboard", press("/", "Digit7", { shiftKey: true }), "shortcuts"],
    ["F5", press("F5", "F5", { ctrlKey: false }), "refresh"],
    ["R, which would reload", press("r", "KeyR"), "refresh"],
    ["what AltGr types", press("{", "Digit7", { altKey: true }), undefined],
    ["K alone", press("k", "KeyK", { ctrlKey: false }), undefined],
    ["K with the other key", press("k", "KeyK", { ctrlKey: false, metaKey: true }), undefined],
  ])("of %s is read", (_, event, expected) => {
    expect(askedBy(event, false)).toBe(expected);
  });

  it("is read with ⌘ on a Mac", () => {
    expect(askedBy(press("k", "KeyK", { ctrlKey: false, metaKey: true }), true)).toBe("palette");
    expect(askedBy(press("k", "KeyK"), true), "Ctrl K deletes to the end of the line there").toBe(undefined);
  });
});

describe("a shortcut", () => {
  it("switches to the numbered account of the whole list, from any view", async () => {
    const user = await open(showAccount(crowd(12)));
    await user.type(get("account-search"), "account 1");
    await user.keyboard("{Control>}2{/Control}");
    await become({ ...showActivity(), accounts: crowd(12) });
    await user.keyboard("{Control>}9{/Control}");
    expect(fake.switchAccount.mock.calls).toEqual([["a1"], ["a8"]]);
    await user.keyboard("{Control>}`{/Control}");
    await rest();
    expect(fake.switchBack).toHaveBeenCalledTimes(1);
  });

  it("switches one after the other, to the one that was asked for last", async () => {
    const first = fake.promised<number>();
    fake.switchAccount.mockReturnValueOnce(first.promise);
    const user = await open(showAccount(crowd(5)));
    await user.keyboard("{Control>}234{/Control}");
    expect(fake.switchAccount.mock.calls).toEqual([["a1"]]);
    first.resolve(0);
    await rest();
    expect(fake.switchAccount.mock.calls).toEqual([["a1"], ["a3"]]);
  });

  it("switches back to the account in view while a switch to another one is under way", async () => {
    const first = fake.promised<number>();
    fake.switchAccount.mockReturnValueOnce(first.promise);
    const user = await open(showAccount(crowd(5)));
    const [shown] = crowd(1);
    await become(showAccount(crowd(5), { view: { name: "account", id: shown?.id ?? "", recent: [] } }));
    await user.keyboard("{Control>}1{/Control}");
    expect(fake.switchAccount, "it is shown").not.toHaveBeenCalled();
    await user.keyboard("{Control>}21{/Control}");
    first.resolve(0);
    await rest();
    expect(fake.switchAccount.mock.calls).toEqual([["a1"], ["a0"]]);
  });

  it("is not lost while a failed switch is tried again", async () => {
    const again = fake.promised<number>();
    fake.switchAccount.mockRejectedValueOnce(errors.failed).mockReturnValueOnce(again.promise);
    const user = await open(showAccount(crowd(5)));
    await user.keyboard("{Control>}2{/Control}");
    await rest();
    await user.click(get("retry"));
    await user.keyboard("{Control>}3{/Control}");
    again.resolve(0);
    await rest();
    expect(fake.switchAccount.mock.calls).toEqual([["a1"], ["a1"], ["a2"]]);
  });

  it("works on the account that is switched to, from the key on", async () => {
    fake.switchAccount.mockResolvedValueOnce(7).mockResolvedValueOnce(8);
    const at = (nth: number, place: number): Snapshot =>
      showAccount(crowd(5), { place, view: { name: "account", id: `a${nth}`, recent: [] } });
    const user = await open(at(0, 6));
    await user.keyboard("{Control>}2{/Control}");
    await rest();
    await user.keyboard("{F5}{Control>}1{/Control}");
    await rest();
    expect([fake.switchAccount.mock.calls, fake.refresh.mock.calls], "it is not seen yet").toEqual([
      [["a1"]],
      [],
    ]);
    await become(at(1, 7));
    await rest();
    expect(fake.switchAccount.mock.calls, "the one in view when the key was pressed").toEqual([
      ["a1"],
      ["a0"],
    ]);
    await become(at(0, 8));
    await rest();
    expect(fake.refresh.mock.calls, "once all is seen").toEqual([["a0"]]);
  });

  it("refreshes by F5, and never reloads the window", async () => {
    await open(showAccount());
    const event = new KeyboardEvent("keydown", { key: "F5", cancelable: true, bubbles: true });
    document.body.dispatchEvent(event);
    await rest();
    expect([event.defaultPrevented, fake.refresh.mock.calls]).toEqual([true, [[account().id]]]);
    await become(showAccount([account({ health: "ended" })]));
    const ended = new KeyboardEvent("keydown", { key: "F5", cancelable: true, bubbles: true });
    document.body.dispatchEvent(ended);
    expect([ended.defaultPrevented, fake.refresh.mock.calls.length]).toEqual([true, 1]);
  });

  it("goes to the search, and does nothing while a dialog is open", async () => {
    const user = await open(showAccount(crowd(3)));
    await user.keyboard("{Control>}f{/Control}");
    expect(focused()).toBe("account-search");
    await user.click(get("log-out-all"));
    await user.keyboard("{Control>}2k{/Control}");
    await rest();
    expect([fake.switchAccount.mock.calls.length, find("palette")]).toEqual([0, null]);
  });

  it("is listed with the others, in words", async () => {
    const user = await open(showAccount());
    await user.keyboard("{Control>}/{/Control}");
    await rest();
    for (const { id } of shortcuts) expect(text("shortcut-list")).toContain(shortcutWords[id]);
    for (const line of ["Close the windowCtrl W", "QuitCtrl Q"])
      expect(text("shortcut-list").replace(/(\w) (?=Ctrl)/g, "$1")).toContain(line);
    expect(await violations()).toEqual([]);
    await user.click(get("close"));
    expect(find("shortcut-list")).toBeNull();
    expect(get("refresh").getAttribute("title")).toBe("Refresh now (F5)");
    expect(ariaShortcut("palette")).toBe("Control+K");
  });

  it("is left to a text field that uses its keys", async () => {
    const user = await open(askPassword());
    get("email-or-username").focus();
    await user.keyboard("{Control>}/{/Control}");
    await rest();
    expect([find("shortcut-list"), all("dialog").length]).toEqual([null, 0]);
  });
});
