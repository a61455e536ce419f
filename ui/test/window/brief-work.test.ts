// What ends before one would notice that it has begun draws no sign that it has.

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { account, arrived, askPassword, shot, showAccount } from "../../dev/states";
import type { Snapshot } from "../../src/bindings/Snapshot";
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
    expect(busy()).toBe("false");
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

describe("what is to be read or answered is drawn at once, whatever else begins", () => {
  it.each([
    [
      "a notice: what is dismissed has been read",
      { notice: { kind: "sessionOver", accountName: "Mira" } },
      "notice",
    ],
    ["the question about a link", { arrivedLink: arrived() }, "dialog"],
    [
      "the question before the app ends",
      { inProgress: [{ kind: "closing" }, { kind: "logOutsUnderWay", begun: 1, queued: 0 }] },
      "dialog",
    ],
  ] as const)("%s", async (_what, news, shown) => {
    await open(showAccount());
    await become(shot({ ...atWork, ...news } as Partial<Snapshot>));
    expect(find(shown)).toBeTruthy();
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
