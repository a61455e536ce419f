// The build: its size, and its content security policy.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { beforeAll, describe, expect, it, vi } from "vitest";

/** For the first view: the login screen or an account. */
const FIRST = 60_000;
/** For everything. */
const WHOLE = 131_000;

describe("the build", () => {
  const files = new Map<string, string>();
  /** The modules that the entry brings with it. */
  const atOnce: string[] = [];

  beforeAll(async () => {
    // As it is shipped: under the tests' own setting the build keeps Svelte's development checks.
    vi.stubEnv("NODE_ENV", "production");
    const made = (await build({ logLevel: "silent", build: { write: false } })) as Rolldown.RolldownOutput;
    for (const file of made.output) {
      files.set(file.fileName, file.type === "chunk" ? file.code : file.source.toString());
    }
    const entry = made.output.find((file) => file.type === "chunk" && file.isEntry);
    if (entry?.type === "chunk") atOnce.push(...entry.moduleIds);
    vi.unstubAllEnvs();
  }, 120_000);

  /** The bytes of the scripts and style sheets of these names, gzipped. */
  const size = (names: string[]): number =>
    names
      .filter((name) => /\.(js|css)$/.test(name))
      .reduce((sum, name) => sum + gzipSync(files.get(name) ?? "").length, 0);

  it(`has at most ${FIRST} bytes for the first view, gzipped, in one script and one style sheet`, () => {
    const named = (files.get("index.html") ?? "").matchAll(/(?:src|href)="\/([^"]+)"/g);
    const names = [...named].map(([, name]) => name ?? "");
    expect(names.map((name) => name.replace(/.*\./, ""))).toEqual(["js", "css"]);
    expect(names.every((name) => files.has(name))).toBe(true);
    // What the page does not name is loaded later: so the script imports no other, and has both views in it.
    expect(files.get(names[0] ?? "")).not.toMatch(/\bfrom ?["'`]|\bimport ?["'`]/);
    for (const view of ["LoginView", "AccountView", "TenantForm", "SessionCard"])
      expect(atOnce.some((id) => id.endsWith(`/${view}.svelte`))).toBe(true);
    expect(size(names)).toBeLessThanOrEqual(FIRST);
  });

  it("has no `Intl` in the first view, whose first use takes WebKit 10 to 20 ms", () => {
    const [script = ""] = [...files.keys()].filter((name) => /\bindex-.*\.js$/.test(name));
    expect(files.get(script)).toContain("account-view");
    expect(files.get(script)).not.toMatch(/\bIntl\b/);
  });

  it(`has at most ${WHOLE} bytes in all, gzipped`, () => {
    expect(size([...files.keys()])).toBeLessThanOrEqual(WHOLE);
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
