// The window, opened on a snapshot.

import { render, screen } from "@testing-library/svelte";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import { tick } from "svelte";
import { vi } from "vitest";
import App from "../../src/App.svelte";
import type { Snapshot } from "../../src/bindings/Snapshot";
import { fake } from "./fake-ipc";

/** Lets promises and effects come to rest. */
export async function rest(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await Promise.resolve();
    await tick();
  }
  // A view that is loaded later.
  await vi.dynamicImportSettled();
  await tick();
}

/** Opens the window; answers with the hand that works it. */
export async function open(first: Snapshot): Promise<UserEvent> {
  fake.startWith(first);
  const user = userEvent.setup();
  render(App);
  await rest();
  return user;
}

/** Has Rust send a new snapshot. */
export async function become(next: Snapshot): Promise<void> {
  fake.send(next);
  await rest();
}

export const get = (testid: string): HTMLElement => screen.getByTestId(testid);
export const find = (testid: string): HTMLElement | null => screen.queryByTestId(testid);
export const all = (testid: string): HTMLElement[] => screen.queryAllByTestId(testid);
export const focused = (): string | null | undefined => document.activeElement?.getAttribute("data-testid");

/** The text in a field. */
export const value = (testid: string): string => (get(testid) as HTMLInputElement).value;

/** The words of something, as they are read. */
export const text = (testid: string): string => get(testid).textContent?.replace(/\s+/g, " ").trim() ?? "";

/** The texts that describe a field: its hint, its error. */
export const about = (testid: string): string =>
  (get(testid).getAttribute("aria-describedby") ?? "")
    .split(" ")
    .map((id) => document.getElementById(id)?.textContent)
    .join(" ");

/** Whether a button is off. */
export const isOff = (testid: string): boolean => get(testid).getAttribute("aria-disabled") === "true";

/** Whether a field is marked as wrong. */
export const isMarked = (testid: string): boolean => get(testid).getAttribute("aria-invalid") === "true";

/** Types over what is in a field. */
export async function fill(user: UserEvent, testid: string, typed: string): Promise<void> {
  await user.clear(get(testid));
  if (typed !== "") await user.type(get(testid), typed);
}
