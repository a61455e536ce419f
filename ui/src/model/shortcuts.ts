// The keyboard shortcuts, and which of them a key press is.

export type ShortcutId =
  | "switchTo"
  | "switchBack"
  | "palette"
  | "find"
  | "refresh"
  | "leave"
  | "shortcuts"
  | "close"
  | "quit"
  | "selectOne"
  | "selectRange"
  | "selectAll";

export interface Shortcut {
  readonly id: ShortcutId;
  /** The keys, with `Mod` for Ctrl, or ⌘ on a Mac; as `aria-keyshortcuts` writes them. */
  readonly keys: string;
}

// The last ones work in the list of accounts only. On macOS the menu bar has `close` and `quit`.
/** In the order in which they are listed. */
export const shortcuts: readonly Shortcut[] = [
  { id: "switchTo", keys: "Mod+1…9" },
  { id: "switchBack", keys: "Mod+`" },
  { id: "palette", keys: "Mod+K" },
  { id: "find", keys: "Mod+F" },
  { id: "refresh", keys: "F5" },
  // Each view handles it.
  { id: "leave", keys: "Escape" },
  { id: "shortcuts", keys: "Mod+/" },
  { id: "close", keys: "Mod+W" },
  { id: "quit", keys: "Mod+Q" },
  { id: "selectOne", keys: "Mod+Click" },
  { id: "selectRange", keys: "Shift+Click" },
  { id: "selectAll", keys: "Mod+A" },
];

export type Press = Pick<KeyboardEvent, "altKey" | "code" | "ctrlKey" | "key" | "metaKey" | "shiftKey">;

/** What a key press asks for: a shortcut, or to switch to the account with a number. */
export type Asked = "switchBack" | "palette" | "find" | "refresh" | "shortcuts" | number;

const LATIN = /^[a-z]$/i;
const DIGIT = /^(?:Digit|Numpad)([1-9])$/;

/** The letter of a key: what it types, or, on a layout that is not Latin, where it lies. */
export function letterOf({ key, code }: Press): string | undefined {
  if (LATIN.test(key)) return key.toLowerCase();
  const isOther = /^\p{L}$/u.test(key);
  return isOther ? /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() : undefined;
}

/**
 * Reads a key press. Digits count by their position: on a French keyboard they need Shift. With Alt too it is
 * AltGr, which types a character.
 */
export function askedBy(press: Press, onMac: boolean): Asked | undefined {
  const { key, code, altKey, ctrlKey, metaKey, shiftKey } = press;
  const command = onMac ? metaKey && !ctrlKey : ctrlKey && !metaKey;
  if (altKey) return undefined;
  if (!ctrlKey && !metaKey) {
    return key === "F5" && !shiftKey ? "refresh" : undefined;
  }
  if (!command) return undefined;
  if (key === "/") return "shortcuts";
  if (key === "`" || code === "Backquote") return "switchBack";
  const digit = DIGIT.exec(code)?.[1];
  if (digit) return Number(digit);
  if (shiftKey) return undefined;
  const letter = letterOf(press);
  return letter === "k" ? "palette" : letter === "f" ? "find" : letter === "r" ? "refresh" : undefined;
}
