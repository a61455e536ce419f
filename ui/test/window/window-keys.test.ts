// The keys that close the window and end the app.

import { fireEvent } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { account, admin, showAccount, state } from "../../dev/states";
import { violations } from "../support/axe";
import { fake } from "../support/fake-ipc";
import { become, find, focused, get, open, text } from "../support/window";

const press = (key: string, more: KeyboardEventInit = {}) =>
  fireEvent.keyDown(document.body, { key, code: `Key${key.toUpperCase()}`, ctrlKey: true, ...more });

describe("the window's keys", () => {
  it("close it and end the app by the letter that is typed", async () => {
    await open(showAccount());
    await press("w");
    expect(fake.closeWindow).toHaveBeenCalledTimes(1);
    // AZERTY types a Q where others have an A.
    await press("q", { code: "KeyA" });
    expect(fake.quit).toHaveBeenCalledTimes(1);
    await press("a", { code: "KeyQ" });
    expect(fake.quit).toHaveBeenCalledTimes(1);
  });

  it("work by their place where no Latin letter is typed", async () => {
    await open(showAccount());
    await press("ц", { code: "KeyW" });
    expect(fake.closeWindow).toHaveBeenCalledTimes(1);
  });

  it.each([{ shiftKey: true }, { altKey: true }, { metaKey: true }, { ctrlKey: false }])(
    "do nothing with %o",
    async (more) => {
      await open(showAccount());
      await press("w", more);
      expect(fake.closeWindow).not.toHaveBeenCalled();
    },
  );
});

describe("quitting during a log-out", () => {
  it("asks: to wait is the default, and to quit anyway says what is left behind", async () => {
    const user = await open(showAccount());
    await become(state("quitting"));
    expect(text("dialog")).toMatch(
      /^The log-out of Admin User is not finished\..* quits as soon as that is done\..*until you start this app/,
    );
    expect(focused()).toBe("wait");
    expect(await violations()).toEqual([]);
    await user.click(get("wait"));
    expect([find("dialog"), find("closing") !== null]).toEqual([null, true]);
    await become(state("quitting"));
    expect(find("dialog"), "it is asked once").toBeNull();
    expect(fake.quit).not.toHaveBeenCalled();
  });

  it("ends the app at once if it is not waited for", async () => {
    const user = await open(state("quitting"));
    await user.click(get("quit-anyway"));
    expect(fake.quit).toHaveBeenCalledTimes(1);
  });

  it("says how many have not begun, and asks while the accounts are hidden, naming none", async () => {
    const underWay = { kind: "logOutsUnderWay", begun: 1, queued: 12 } as const;
    await open({ ...state("covered"), inProgress: [{ kind: "closing" }, underWay] });
    expect(text("dialog")).toMatch(
      /^The log-outs of 13 accounts are not finished\..*until you start this app.*12 accounts has not come yet.*they stay logged in/,
    );
    expect(text("dialog")).not.toContain("Admin");
    await become({ ...state("covered"), inProgress: [{ kind: "closing" }, { ...underWay, queued: 0 }] });
    expect(text("dialog")).toMatch(/^A log-out is not finished\./);
  });

  it("asks nothing during other work, and nothing during a log-out alone", async () => {
    await open(showAccount(undefined, { inProgress: [{ kind: "closing" }, { kind: "loggingIn" }] }));
    expect(find("dialog")).toBeNull();
    const begun = { kind: "loggingOut", account: admin.id } as const;
    await become(showAccount([admin], { inProgress: [{ kind: "closing" }, begun] }));
    expect(find("dialog"), "the next start would not finish it yet").toBeNull();
    const out = account({ health: "loggingOut" });
    await become(showAccount([out], { inProgress: [begun] }));
    expect(find("dialog")).toBeNull();
  });
});
