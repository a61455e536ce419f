// The arrows between files: no circle, and each floor uses only those that its line names.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const below = ["bindings", "ipc", "model", "words", "webview", "state"];
const shared = [...below, "components/basic", "components/actions", "components/forms"];

/** Each floor, from the bottom up, and the other floors that its files may use. */
const floors: Record<string, string[]> = {
  bindings: [],
  ipc: ["bindings"],
  model: ["bindings"],
  words: ["bindings", "model"],
  webview: [],
  state: ["bindings", "ipc", "model", "words", "webview"],
  "components/basic": ["words", "webview"],
  "components/actions": [...below, "components/basic"],
  "components/forms": [...below, "components/basic", "components/actions"],
  "components/log-in": shared,
  "components/account": shared,
  "components/profile": [...shared, "components/account"],
  "components/notices": shared,
  "components/list": [...shared, "components/account"],
  "components/keys": [...shared, "components/account", "components/list"],
  steps: [...shared, "components/log-in"],
  views: [
    ...shared,
    "components/log-in",
    "components/account",
    "components/profile",
    "components/notices",
    "components/list",
    "steps",
  ],
  App: [...below, "components/basic", "components/keys", "components/log-in", "components/list", "views"],
  main: ["App", "styles"],
  styles: [],
};

const ROOT = "src";
const files = readdirSync(ROOT, { recursive: true, encoding: "utf8" }).filter((file) =>
  /\.(ts|svelte|css)$/.test(file),
);

/** The files of ours that a file imports, types included. */
function imports(file: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const named = [...text.matchAll(/^\s*(?:import|export)\b[^;"]*"(\.{1,2}\/[^"]+)"/gm)].map(
    ([, path]) => path ?? "",
  );
  return named
    .map((path) => join(dirname(file), path))
    .flatMap((path) => files.find((it) => isNamed(it, path)) ?? []);
}

const isNamed = (file: string, path: string): boolean =>
  [path, `${path}.ts`, `${path}.svelte.ts`, `${path}/index.ts`].includes(file);

const floorOf = (file: string): string | undefined =>
  Object.keys(floors).find((floor) => file.startsWith(`${floor}/`) || file.replace(/\..*/, "") === floor);

const graph = new Map(files.map((file) => [file, imports(file)]));

/** The first circle that is found, as the files on it. */
function circle(): string[] | undefined {
  const done = new Set<string>();
  function walk(file: string, path: string[]): string[] | undefined {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const found = walk(next, [...path, file]);
      if (found) return found;
    }
    done.add(file);
    return undefined;
  }
  for (const file of files) {
    const found = walk(file, []);
    if (found) return found;
  }
  return undefined;
}

describe("the UI's architecture", () => {
  it("has a floor for every file", () => {
    expect(files.filter((file) => floorOf(file) === undefined)).toEqual([]);
    expect([...graph.values()].flat().length, "imports are found").toBeGreaterThan(500);
  });

  it("has no circle of imports", () => {
    expect(circle()?.join(" → ")).toBeUndefined();
  });

  it("has no import that points to a floor above", () => {
    const outward = [...graph].flatMap(([file, used]) =>
      used
        .filter(
          (it) => floorOf(it) !== floorOf(file) && !floors[floorOf(file) ?? ""]?.includes(floorOf(it) ?? ""),
        )
        .map((it) => `${file} → ${it}`),
    );
    expect(outward).toEqual([]);
  });

  it("imports @tauri-apps in ipc.ts alone", () => {
    const reaching = files.filter((file) => /["'`]@tauri-apps/.test(readFileSync(join(ROOT, file), "utf8")));
    expect(reaching).toEqual(["ipc.ts"]);
  });
});
