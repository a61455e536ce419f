// A window in which nothing happens: what still wakes it up.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { account, showAccount, states } from "../../dev/states";
import { open, rest, text } from "../support/window";

const MINUTE = 60_000;
/** Longer than anything counts down. */
const IDLE = 30 * MINUTE;

const hide = async (hidden: boolean): Promise<void> => {
  vi.spyOn(document, "hidden", "get").mockReturnValue(hidden);
  document.dispatchEvent(new Event("visibilitychange"));
  await rest();
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe.each(Object.entries(states))("%s", (_name, snapshot) => {
  it("wakes up once a minute at most, and not while it is hidden", async () => {
    await open(snapshot);
    await vi.advanceTimersByTimeAsync(IDLE);
    expect(vi.getTimerCount()).toBeLessThanOrEqual(1);
    if (vi.getTimerCount() === 1) {
      vi.advanceTimersToNextTimer();
      const last = Date.now();
      vi.advanceTimersToNextTimer();
      expect(Date.now() - last).toBeGreaterThanOrEqual(MINUTE);
    }
    await hide(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("turns a spinner only while something is in progress", async () => {
    await open(snapshot);
    await vi.advanceTimersByTimeAsync(IDLE);
    const works =
      snapshot.view.name === "starting" ||
      snapshot.inProgress.length > 0 ||
      (snapshot.view.name === "logOutResults" && snapshot.view.results.some(({ outcome }) => !outcome)) ||
      snapshot.accounts.some(({ health }) => health === "loggingIn" || health === "loggingOut");
    if (!works) expect(document.querySelectorAll(".spinner")).toHaveLength(0);
  });
});

describe("a window that was hidden", () => {
  it("shows the time of now at once when it is seen again", async () => {
    const at = Math.floor(Date.now() / 1000);
    await open(showAccount([account({ renews: false, accessExpiresAt: at + 2 * 3600 + 60 })]));
    expect(text("account-view")).toContain("Access token expires in 2 hours");
    await hide(true);
    await vi.advanceTimersByTimeAsync(2 * 3600_000);
    expect(text("account-view")).toContain("in 2 hours");
    await hide(false);
    expect(text("account-view")).toContain("in 1 minute");
    await vi.advanceTimersByTimeAsync(MINUTE);
    await rest();
    expect(text("account-view")).toContain("Access token expired");
  });
});
