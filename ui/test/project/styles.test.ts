// Space, text and corners come from styles/tokens.css.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const FROM_TOKENS = /^(gap|row-gap|column-gap|padding.*|margin.*|font-size|border-radius)$/;
/** Up to this many pixels a value only corrects for the eye. */
const OPTICAL = 3;

const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter(
  (name) => /\.(svelte|css)$/.test(name) && name !== join("styles", "tokens.css"),
);

const styleOf = (name: string): string => {
  const text = readFileSync(join("src", name), "utf8");
  const style = name.endsWith(".css") ? text : (/<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? "");
  return style.replace(/\/\*[\s\S]*?\*\//g, "");
};

/** The declarations that write a length down instead of taking a token. */
function literals(style: string): string[] {
  const declarations = [...style.matchAll(/([\w-]+):\s*([^;{}]+);/g)].map(([, name = "", value = ""]) => ({
    name,
    value,
  }));
  return declarations
    .filter(({ name }) => FROM_TOKENS.test(name))
    .filter(({ value }) => {
      const lengths = [...value.matchAll(/([\d.]+)(px|rem)\b/g)];
      return lengths.some(([, number, unit]) => unit === "rem" || Number(number) > OPTICAL);
    })
    .map(({ name, value }) => `${name}: ${value}`);
}

describe("a length that is written down", () => {
  it.each(files)("is not in %s", (name) => {
    expect(literals(styleOf(name))).toEqual([]);
  });

  it("is found", () => {
    expect(literals("p { margin: 0 8px; font-size: 1.2rem; gap: 3px; padding: var(--space-2); }")).toEqual([
      "margin: 0 8px",
      "font-size: 1.2rem",
    ]);
  });
});
