// The keys that close the window and end the app. On macOS the menu bar has them.

import { letterOf } from "../../model/shortcuts";

/** What the keys that were pressed do to the window, if anything. */
export function windowKey(event: KeyboardEvent): "close" | "quit" | undefined {
  if (!event.ctrlKey || event.shiftKey || event.altKey || event.metaKey) return undefined;
  if (/^mac/i.test(navigator.platform)) return undefined;
  const letter = letterOf(event);
  if (letter === "w") return "close";
  return letter === "q" ? "quit" : undefined;
}
