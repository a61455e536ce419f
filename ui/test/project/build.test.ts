// The build: its size, and its content security policy.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { beforeAll, describe, expect, it, vi } from "vitest";

// What the first view needs; other views are loaded when they are shown. The window is read from the disk, so
// this only guards against growth by accident. 5,000 of it are the words of errors, which the shell made
// before.
const BUDGET = 79_500;

describe("the build", () => {
  const files = new Map<string, string>();
  const atOnce = new Set<string>();

  beforeAll(async () => {
    // As it is shipped: under the tests' own setting the build keeps Svelte's development checks.
    vi.stubEnv("NODE_ENV", "production");
    const made = (await build({ logLevel: "silent", build: { write: false } })) as Rolldown.RolldownOutput;
    for (const file of made.output) {
      files.set(file.fileName, file.type === "chunk" ? file.code : file.source.toString());
    }
    const need = (name: string): void => {
      const chunk = made.output.find((it) => it.fileName === name);
      if (chunk?.type !== "chunk" || atOnce.has(name)) return;
      atOnce.add(name);
      chunk.imports.forEach(need);
    };
    for (const file of made.output) if (file.type === "chunk" && file.isEntry) need(file.fileName);
    vi.unstubAllEnvs();
  }, 120_000);

  it(`has at most ${BUDGET} bytes of JavaScript, gzipped`, () => {
    const scripts = [...files].filter(([name]) => atOnce.has(name));
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.reduce((sum, [, code]) => sum + gzipSync(code).length, 0)).toBeLessThanOrEqual(BUDGET);
  });

  it("has no inline script, no inline style, and nothing from elsewhere", () => {
    const html = files.get("index.html") ?? "";
    expect(html).toContain('<script type="module"');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(html).not.toMatch(/<style|style=|https?:|\bon\w+=/);
    for (const [name, text] of files) {
      if (name.endsWith(".css")) expect(text, name).not.toMatch(/@import|url\(["']?(https?:|data:)/);
      if (name.endsWith(".js")) expect(text, name).not.toMatch(/\beval\(|new Function\(|style="/);
    }
  });
});

describe("the sources", () => {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(ts|svelte)$/.test(name),
  );

  it("store nothing and put no foreign HTML into the page", () => {
    for (const name of sources) {
      expect(readFileSync(join("src", name), "utf8"), name).not.toMatch(
        /localStorage|sessionStorage|indexedDB|\{@html/,
      );
    }
  });
});

describe("a line", () => {
  const files = ["src", "test", "dev"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(ts|svelte|css)$/.test(name) && !name.startsWith("bindings"))
      .map((name) => join(folder, name)),
  );
  /** Pictures, addresses and patterns cannot be broken. */
  const isWhole = (line: string): boolean => /^\s*("(data|https?):|\/\^?\w)/.test(line);

  it("is at most 110 characters wide", () => {
    const wide = files.flatMap((name) =>
      readFileSync(name, "utf8")
        .split("\n")
        .filter((line) => line.length > 110 && !isWhole(line))
        .map((line) => `${name}: ${line.trim()}`),
    );
    expect(wide).toEqual([]);
  });
});

describe("the lock file", () => {
  it("names no host that packages come from", () => {
    expect(readFileSync("package-lock.json", "utf8")).not.toMatch(/"resolved"/);
  });
});
