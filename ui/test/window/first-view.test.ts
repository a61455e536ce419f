// What the first view needs, and what is loaded after it.

import { cleanup } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { account, askPassword, askTenant, shot, showAccount } from "../../dev/states";
import { Later } from "../../src/webview/later";
import { afterPaint } from "../../src/webview/paint";
import { fake } from "../support/fake-ipc";
import { become, find, focused, get, open, rest, text } from "../support/window";

// Nothing is loaded but what is shown. Each test is the first to show its part.
let load = vi.spyOn(Later.prototype, "load");
let painted = fake.promised();
beforeEach(() => {
  load = vi.spyOn(Later.prototype, "load");
  painted = fake.promised();
  vi.mocked(afterPaint).mockReturnValue(painted.promise);
});

describe("the first view", () => {
  /** The page, with the IDs that are counted up left out. */
  const page = (): string => document.body.innerHTML.replace(/\bc\d+/g, "");

  it.each([
    ["login screen", askTenant(), "tenant-continue"],
    ["account", showAccount(), "log-out"],
  ])("is whole before anything else is loaded: the %s", async (_name, snapshot, main) => {
    load.mockReturnValue(new Promise(() => {}));
    await open(snapshot);
    const alone = page();
    expect(get(main)).toBeTruthy();
    cleanup();
    load.mockRestore();
    await open(snapshot);
    expect(page()).toBe(alone);
  });

  it("is followed by everything else, once it is painted", async () => {
    load.mockReturnValue(new Promise(() => {}));
    await open(showAccount());
    expect(load).not.toHaveBeenCalled();
    expect(text("status")).toBe("");
    painted.resolve();
    await rest();
    expect(load.mock.calls.length).toBeGreaterThan(10);
    expect(text("status")).toBe("Showing Admin User.");
  });
});

describe("a part that comes late", () => {
  it("gets the focus as if it had been there: a view", async () => {
    await open(showAccount());
    const late = fake.promised();
    load.mockImplementationOnce(function (this: Later<never>) {
      return late.promise.then(() => this.load());
    });
    await become(shot({ view: { name: "activity", lines: [], problem: null } }));
    expect(find("activity-view")).toBeNull();
    late.resolve();
    await rest();
    expect(document.activeElement).toBe(get("activity-view").querySelector("h1"));
  });

  it("gets the focus as if it had been there: a step of the log-in", async () => {
    await open(askTenant());
    const late = fake.promised();
    load.mockImplementationOnce(function (this: Later<never>) {
      return late.promise.then(() => this.load());
    });
    await become(askPassword());
    expect(find("password")).toBeNull();
    late.resolve();
    await rest();
    expect(focused()).toBe("password");
  });
});

describe("a part that cannot be loaded", () => {
  const gone = (): Promise<never> => Promise.reject(new TypeError("Importing a module script failed."));

  it("is told all the same if it is what shows errors", async () => {
    load.mockImplementation(gone);
    const user = await open(shot({ view: { name: "settings" } }));
    expect(get("error").outerHTML).toMatch(
      /role="alert".*>Something went wrong inside this app. Try again, or restart the app.</,
    );
    load.mockRestore();
    await user.click(get("retry"));
    await rest();
    expect(get("settings-view")).toBeTruthy();
  });

  it("is told in the place of its view, and is loaded by trying again", async () => {
    const user = await open(showAccount());
    load.mockImplementationOnce(gone);
    await become(shot({ view: { name: "accounts" } }));
    expect(text("error")).toContain("Something went wrong inside this app.");
    expect(text("error")).toContain("Importing a module script failed.");
    await user.click(get("retry"));
    await rest();
    expect(get("accounts-view")).toBeTruthy();
    expect(find("broken-view")).toBeNull();
  });

  it("is told in the view beside it: the list of accounts", async () => {
    load.mockImplementationOnce(gone);
    const user = await open(showAccount([account(), account({ id: "b" })]));
    expect(get("account-view").textContent).toContain("Importing a module script failed.");
    expect(find("account-list")).toBeNull();
    await user.click(get("retry"));
    await rest();
    expect(get("account-list")).toBeTruthy();
    expect(find("error")).toBeNull();
  });
});
