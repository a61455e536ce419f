// Words that stand in many places.

import type { Mode } from "../bindings/Mode";
import { locale } from "./locale";

export const back = "Back";
export const cancel = "Cancel";
export const dismiss = "Dismiss";
export const discard = "Discard";
export const logIn = "Log in";
export const logInAgain = "Log in again";
export const logOut = "Log out";
export const logOutOfAll = "Log out of all";
export const openFolder = "Open folder";
export const savedTo = "Saved to {file}";
export const technicalDetail = "Technical detail";
export const testMode = "Test mode";
export const modes: Record<Mode, string> = { test: testMode, live: "Live" };
export const tryAgain = "Try again";
export const tryNow = "Try now";

/** Accessible names of the copy buttons. */
export const copyWords = {
  address: "Copy the address",
  backupCodes: "Copy the backup codes",
  code: "Copy the code",
  detail: "Copy the technical detail",
  key: "Copy the key",
  link: "Copy the link",
  path: "Copy the file's path",
};
export const copyEntry = (entry: string): string => `Copy the entry's name, ${entry}`;
export const copied = "Copied";
export const notCopied = "Not copied: select the text instead";

/** "a", "a and b", "a, b and c". */
export const both = (all: readonly string[]): string =>
  [all.slice(0, -1).join(", "), ...all.slice(-1)].filter(Boolean).join(" and ");

/** "1 account", "3 accounts". */
export const countAccounts = (count: number): string => `${count} account${count === 1 ? "" : "s"}`;

/** A text as a sentence: with a full stop, unless it has an end of its own. */
export function ended(text: string): string {
  const trimmed = text.trim();
  return [".", "!", "?"].some((end) => trimmed.endsWith(end)) ? trimmed : `${trimmed}.`;
}

/** A text that begins a line: with a capital. */
export const sentence = (text: string): string => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);

/** One or two letters of a tenant's name, for its mark. */
export function initials(name: string): string {
  const words = name.split(/[\s\-_.]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = words.slice(0, 2).map((word) => Array.from(word)[0] ?? "");
  return letters.join("").toUpperCase();
}
