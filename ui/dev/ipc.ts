// Stands in for Tauri while a designer looks at the window without Rust: `?state=` chooses what it shows,
// `?error=` what every command fails with, `?click=` what is clicked at once, `?key=` what is pressed with
// Ctrl, `?type=` what is then typed. Commands take a second and are written to the console.

import type { Command } from "../src/bindings/Command";
import type { Snapshot } from "../src/bindings/Snapshot";
import { errors, large, states } from "./states";
import { recent } from "./states/accounts";

const asked = new URLSearchParams(location.search);
let shown = { ...states, ...large }[asked.get("state") ?? ""] ?? states.tenant;
let revision = 1;
let tell: ((event: { payload: Snapshot }) => void) | undefined;
const error = Object.entries(errors).find(([name]) => name === asked.get("error"))?.[1];

// A question is no state of Rust's: it is asked by the window.
setTimeout(() => {
  for (const testid of asked.getAll("click"))
    document.querySelector<HTMLElement>(`[data-testid="${testid}"]`)?.click();
  const key = asked.get("key");
  if (key) window.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey: true, bubbles: true }));
  const typed = asked.get("type");
  if (typed) setTimeout(() => type(typed), 500);
}, 500);

/** Types into the field that has the focus. */
function type(text: string): void {
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement)) return;
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.documentElement.dir = asked.get("dir") ?? "";

/** A face in two colours, drawn here, since a picture is never an SVG. */
const picture = async (): Promise<string | null> => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 128;
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  pen.fillStyle = "#c9d7c4";
  pen.fillRect(0, 0, 128, 128);
  pen.fillStyle = "#4d6b57";
  for (const [y, radius] of [
    [52, 26],
    [132, 48],
  ] as const) {
    pen.beginPath();
    pen.arc(64, y, radius, 0, 7);
    pen.fill();
  }
  return canvas.toDataURL();
};

/** In place of `@tauri-apps/api/core`. */
export async function invoke(command: `plugin:accounts|${Command}`, args: object = {}): Promise<unknown> {
  if (command === "plugin:accounts|picture") return picture();
  if (command === "plugin:accounts|snapshot") {
    if (!shown) throw new Error("no such state");
    return shown;
  }
  console.info(command, ...Object.keys(args));
  if (command === "plugin:accounts|switch_account" && "account" in args && shown && !error) {
    shown = { ...shown, view: { name: "account", id: String(args.account), recent } };
    revision += 1;
    tell?.({ payload: structuredClone({ ...shown, revision, accountsRevision: revision }) });
    return null;
  }
  await new Promise((done) => setTimeout(done, error ? 50 : 1000));
  if (error) throw error;
  return null;
}

/** In place of `@tauri-apps/api/event`. Only a switch has a new snapshot sent. */
export const listen = async (_name: string, take: typeof tell): Promise<() => void> => {
  tell = take;
  return () => {};
};
