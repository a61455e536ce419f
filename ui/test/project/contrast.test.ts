// The contrast of colours, light and dark: at least 4.5 for text, 3 for the edges of fields.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("src/styles/tokens.css", "utf8");
const [light = "", dark = ""] = css.split(/@media \(prefers-color-scheme: dark\)|\[data-theme="light"\]/);
const [, keptLight = "", keptDark = ""] = css.split(/\[data-theme="\w+"\]/);

const tokens = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, colour]) => [name, colour]),
  );

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dim = 0, bright = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dim + 0.05);
}

const pairs: [string, string[]][] = [
  ["ink", ["ground", "panel", "field", "done-pale", "waiting-pale", "wrong-pale"]],
  ["ink-2", ["ground", "panel", "field", "done-pale", "waiting-pale", "wrong-pale"]],
  ["accent", ["panel", "ground", "accent-pale"]],
  ["on-accent", ["accent", "accent-strong", "wrong"]],
  ["done", ["panel", "ground", "done-pale"]],
  ["waiting", ["panel", "ground", "waiting-pale"]],
  ["wrong", ["panel", "ground", "wrong-pale"]],
];

it("a button that keeps one scheme has the colours of that scheme", () => {
  expect(Object.keys(tokens(keptLight))).toEqual(Object.keys(tokens(keptDark)));
  expect(tokens(light)).toMatchObject(tokens(keptLight));
  expect(tokens(dark)).toMatchObject(tokens(keptDark));
  expect(tokens(keptDark)).toHaveProperty("accent");
});

it("a field has that edge", () => {
  const [, rule = ""] =
    /\ninput,\ntextarea \{([^}]*border:[^}]*)\}/.exec(readFileSync("src/styles/base.css", "utf8")) ?? [];
  expect(rule).toContain("border: 1px solid var(--edge);");
});

describe.each([
  ["light", tokens(light)],
  ["dark", tokens(dark)],
])("%s", (_scheme, colours) => {
  it.each(pairs.flatMap(([text, grounds]) => grounds.map((ground) => [text, ground])))(
    "%s on %s",
    (text, ground) => {
      const [one, other] = [colours[text ?? ""], colours[ground ?? ""]];
      if (!one || !other) throw new Error(`no colour ${text} or ${ground}`);
      expect(contrast(one, other)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(["panel", "ground", "field"])("the edge of a field on %s", (ground) => {
    const [edge, other] = [colours.edge, colours[ground]];
    if (!edge || !other) throw new Error(`no edge or ${ground}`);
    expect(contrast(edge, other)).toBeGreaterThanOrEqual(3);
  });

  it("the picture-less avatar's letters", () => {
    for (const end of ["#5b69e8", "#3f4cc0"]) expect(contrast("#ffffff", end)).toBeGreaterThanOrEqual(4.5);
  });
});
