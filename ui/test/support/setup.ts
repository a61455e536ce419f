import { cleanup, configure } from "@testing-library/svelte";
import { afterEach, beforeEach, vi } from "vitest";
import { fake } from "./fake-ipc";

/** Every test file sees the fake bridge; nothing in a test reaches for Rust. */
vi.mock("../../src/ipc", async () => (await import("./fake-ipc")).fake);

/** jsdom paints nothing, and in a test all work lasts. */
vi.mock("../../src/webview/paint", () => ({
  afterPaint: vi.fn(async () => {}),
  ifItLasts: (draw: () => void) => {
    let lasts = true;
    queueMicrotask(() => lasts && draw());
    return () => {
      lasts = false;
    };
  },
}));

/** The window's width for media queries; jsdom has no layout. */
export const width = { now: 1000 };

// The whole document in every failure says less than the line that failed.
configure({ getElementError: (message) => new Error(message ?? "no such element") });

// jsdom lays nothing out, and knows dialogs, and not what they do.
Element.prototype.scrollIntoView = () => {};
HTMLDialogElement.prototype.showModal = function () {
  this.open = true;
  [...this.querySelectorAll("button")].find((button) => button.autofocus)?.focus();
};
HTMLDialogElement.prototype.close = function () {
  if (!this.open) return;
  this.open = false;
  this.dispatchEvent(new Event("close"));
};

beforeEach(() => {
  width.now = 1000;
  fake.reset();
  window.matchMedia = (query: string) =>
    ({
      matches: width.now < Number(/width < (\d+)px/.exec(query)?.[1] ?? 0),
      media: query,
      addEventListener: () => {},
      removeEventListener: () => {},
    }) as unknown as MediaQueryList;
});

afterEach(cleanup);
