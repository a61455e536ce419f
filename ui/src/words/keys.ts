// The names of keys, and what the shortcuts do.

import { type ShortcutId, shortcuts } from "../model/shortcuts";

export const onMac = /mac/i.test(navigator.userAgent);

const names: Record<string, string> = onMac
  ? { Mod: "⌘", Shift: "⇧", Escape: "Esc" }
  : { Mod: "Ctrl", Escape: "Esc" };

/** Keys as they are printed on a keyboard: "Ctrl K", "⌘K". */
export const keysOf = (keys: string): string =>
  keys
    .split("+")
    .map((key) => names[key] ?? key)
    .join(onMac ? "" : " ");

export const numberKey = (number: number): string => keysOf(`Mod+${number}`);
export const commandEnter = keysOf("Mod+↵");
export const commandC = keysOf("Mod+C");

const keysById = new Map(shortcuts.map(({ id, keys }) => [id, keys]));

/** A shortcut's keys, to be read. */
export const shortcutKeys = (id: ShortcutId): string => keysOf(keysById.get(id) ?? "");

/** Keys, as `aria-keyshortcuts` writes them. */
const ariaKeys = (keys: string): string => keys.replace("Mod", onMac ? "Meta" : "Control");
export const ariaNumber = (number: number): string => ariaKeys(`Mod+${number}`);
export const ariaShortcut = (id: ShortcutId): string => ariaKeys(keysById.get(id) ?? "");

/** A tooltip that names the shortcut, too. */
export const withShortcut = (words: string, id: ShortcutId): string => `${words} (${shortcutKeys(id)})`;

export const keyboardShortcuts = "Keyboard shortcuts";
export const close = "Close";
export const shortcutWords: Record<ShortcutId, string> = {
  switchTo: "Switch to one of the first nine accounts",
  switchBack: "Switch back to the account before",
  palette: "Find an account or a command",
  find: "Search the list of accounts",
  refresh: "Refresh the account that is shown",
  leave: "Leave a view",
  shortcuts: "Show this list",
  close: "Close the window",
  quit: "Quit",
  selectOne: "Add an account to the selection",
  selectRange: "Select accounts up to this one",
  selectAll: "Select all accounts in the list",
};

// The palette.
export const paletteHint = "Type a name, a tenant or a command";
export const nothingMatches = "Nothing matches.";
export const accountsAndCommands = "Accounts and commands";
export const enterSwitches = "↵ Switch";
export const logOutOfName = (name: string): string => `Log out of ${name}`;
export const copyTokenOf = (name: string): string => `Copy access token of ${name}`;
export const refreshName = (name: string): string => `Refresh ${name}`;
export const logOutOfAllAsking = "Log out of all…";
