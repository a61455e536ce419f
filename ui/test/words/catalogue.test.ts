// Every word that users read or hear comes from src/words. This test finds words anywhere else: in markup and
// in attributes any letter counts; in scripts and expressions, a capitalised word or two words in a row.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "svelte/compiler";
import { describe, expect, it } from "vitest";

interface Node {
  type: string;
  start: number;
  [key: string]: unknown;
}

/** Attributes and properties whose text nobody reads. All others must take theirs from the catalogue. */
const TECHNICAL = new Set(
  (
    "attempt autocapitalize autocomplete autocorrect clears corners decoding describedby dir enterkeyhint " +
    "for height id inputmode kind lang level name of outline role scope size spellcheck src testid theme " +
    "tone type what width noTestid yesTestid aria-atomic aria-autocomplete aria-busy " +
    "aria-controls aria-current aria-describedby aria-expanded aria-hidden aria-invalid aria-labelledby " +
    "aria-live aria-required"
  ).split(" "),
);
const isTechnical = (name: string): boolean => TECHNICAL.has(name) || name.startsWith("data-");

const LETTER = /\p{L}/u;
/** A word with a capital, or two words in a row. A key of the keyboard is neither, nor are keys together. */
const KEY = /^((Mod|Shift)\+.*|Arrow(Down|Left|Right|Up)|Backquote|Backspace|End|Enter|Escape|Home)$/;
const isSpeech = (text: string): boolean =>
  !KEY.test(text) && (/^\p{Lu}\p{Ll}/u.test(text) || /\p{L}[.,;:!?…]* +[(“"]?\p{L}/u.test(text));

/** Types, imports, errors for developers and class names are not shown. */
function isSilent(node: Node): boolean {
  if (node.type.startsWith("TS") && !/^TS(As|Satisfies|NonNull)/.test(node.type)) return true;
  if (node.type === "ImportDeclaration" || node.type === "StyleSheet" || node.type === "Comment") return true;
  const callee = node.callee as Node | undefined;
  if (node.type === "NewExpression" && callee?.name === "Error") return true;
  return node.type === "Attribute" && node.name === "class";
}

/** The texts in a tree that users may read or hear. */
function* speech(node: Node): Generator<string> {
  if (isSilent(node)) return;
  if (node.type === "Attribute") {
    const name = String(node.name);
    for (const part of [node.value].flat() as (Node | true)[]) {
      if (part === true) continue;
      if (part.type !== "Text") yield* speech(part);
      else if (!isTechnical(name) && LETTER.test(String(part.data))) yield `${name}="${String(part.data)}"`;
    }
    return;
  }
  if (node.type === "Text" && LETTER.test(String(node.data))) yield String(node.data).trim();
  if (node.type === "Literal" && typeof node.value === "string" && isSpeech(node.value)) yield node.value;
  if (node.type === "TemplateElement" && isSpeech((node.value as { cooked: string }).cooked)) {
    yield (node.value as { cooked: string }).cooked;
  }
  for (const [key, child] of Object.entries(node)) {
    if (key === "metadata") continue;
    for (const it of [child].flat())
      if (it && typeof (it as Node).type === "string") yield* speech(it as Node);
  }
}

function spoken(name: string, source: string): string[] {
  const text = name.endsWith(".svelte") ? source : `<script lang="ts">${source}</script>`;
  const tree = parse(text, { modern: true }) as unknown as Record<string, Node | null>;
  const parts = [tree.module, tree.instance, tree.fragment as unknown as Node];
  return parts.flatMap((part) => (part ? [...speechOf(part)] : []));
}

const speechOf = (part: Node): Generator<string> => speech((part.content as Node | undefined) ?? part);

describe("a word outside src/words", () => {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.(ts|svelte)$/.test(name) && !/^(bindings|words)\//.test(name),
  );

  it.each(files)("is not in %s", (name) => {
    expect(spoken(name, readFileSync(join("src", name), "utf8"))).toEqual([]);
  });

  it.each([
    ["text in markup", "<p>Log in</p>", ["Log in"]],
    ["one word in markup", "<p>or {name}</p>", ["or"]],
    ["an attribute that is read out", '<button aria-label="close"></button>', ['aria-label="close"']],
    ["a property of a component", '<Banner title="No keyring"/>', ['title="No keyring"']],
    ["a string in an expression", '<p>{busy ? "Wait" : "try again"}</p>', ["Wait", "try again"]],
    ["a template", `<p title={\`Log out of ${"$"}{name}\`}></p>`, ["Log out of "]],
    [
      "a string in a script",
      '<script lang="ts">const words = "Type it first.";</script>',
      ["Type it first."],
    ],
    ["none of technical names", '<p class="a b" data-testid="Row">{words.x} · {name}</p>', []],
  ])("is found: %s", (_what, source, found) => {
    expect(spoken("Any.svelte", source)).toEqual(found);
  });
});
