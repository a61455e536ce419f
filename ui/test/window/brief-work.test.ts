// What ends before one would notice that it has begun draws no sign that it has.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { account, askPassword, shot, showAccount } from "../../dev/states";
import { fake } from "../support/fake-ipc";
import { become, find, get, open } from "../support/window";

vi.unmock("../../src/webview/paint");

const admin = account();
const atWork = shot({ ...showAccount(), inProgress: [{ kind: "loggingOut", account: admin.id }] });
const busy = (): string | null => get("log-out").getAttribute("aria-busy");
const spins = (): boolean => get("log-out").querySelector(".spinner") !== null;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("work that has begun", () => {
  it("is drawn after 0.3 seconds", async () => {
    await open(showAccount());
    await become(atWork);
    await vi.advanceTimersByTimeAsync(299);
    expect(busy()).toBe("false");
    await vi.advanceTimersByTimeAsync(1);
    expect(busy()).toBe("true");
  });

  it("is not put off by other work that begins", async () => {
    await open(showAccount());
    await become(atWork);
    await vi.advanceTimersByTimeAsync(160);
    await become(shot({ ...atWork, inProgress: [...atWork.inProgress, { kind: "restoring" }] }));
    await vi.advanceTimersByTimeAsync(140);
    expect(busy()).toBe("true");
  });

  it("that ends before is never drawn, and its end is drawn at once", async () => {
    await open(showAccount());
    await become(atWork);
    await become(askPassword());
    expect(find("log-out")).toBeNull();
    await vi.advanceTimersByTimeAsync(300);
    expect(find("log-out")).toBeNull();
  });

  it("is drawn at once where the user has gone elsewhere", async () => {
    await open(showAccount());
    await become(shot({ ...askPassword(), inProgress: [{ kind: "choosingTenant" }] }));
    expect(find("log-out")).toBeNull();
  });
});

describe("a notice", () => {
  it("is drawn at once, whatever else begins: what is dismissed has been read", async () => {
    await open(showAccount());
    await become(shot({ ...atWork, notice: { kind: "sessionOver", accountName: "Mira" } }));
    expect(find("notice")).toBeTruthy();
  });
});

describe("a busy button", () => {
  it("does nothing from the first moment, and spins after 0.3 seconds", async () => {
    const answer = fake.promised<void>();
    fake.logOut.mockReturnValue(answer.promise);
    await open(showAccount());
    get("log-out").click();
    get("log-out").click();
    await vi.advanceTimersByTimeAsync(299);
    expect([busy(), spins(), fake.logOut.mock.calls.length]).toEqual(["true", false, 1]);
    await vi.advanceTimersByTimeAsync(1);
    expect(spins()).toBe(true);
    answer.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect([busy(), spins()]).toEqual(["false", false]);
  });
});
