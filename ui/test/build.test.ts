// What is shipped: small, ours alone, and nothing that the content security policy would refuse.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { beforeAll, describe, expect, it, vi } from "vitest";

// The login screen has thirteen steps, the profile has forms of its own, what the keyring holds beside this list has its
// questions (2,000), and a list that cannot be written its words (300); before, 60,000 were enough. A log-out of all says what
// came of each, and what is done is announced (2,500); a keyring may ask for each entry (500). The words for
// errors and the activity are here and no longer in Rust (5,300). It is read from the disk.
const BUDGET = 79_800;

describe("the build", () => {
  const files = new Map<string, string>();

  beforeAll(async () => {
    // As it is shipped: under the tests' own setting the build keeps Svelte's development checks.
    vi.stubEnv("NODE_ENV", "production");
    const made = (await build({ logLevel: "silent", build: { write: false } })) as Rolldown.RolldownOutput;
    for (const file of made.output) {
      files.set(file.fileName, file.type === "chunk" ? file.code : file.source.toString());
    }
    vi.unstubAllEnvs();
  }, 120_000);

  it(`has at most ${BUDGET} bytes of JavaScript, gzipped`, () => {
    const scripts = [...files].filter(([name]) => name.endsWith(".js"));
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

  it("reach Rust through one file alone", () => {
    const reaching = sources.filter((name) => /["'`]@tauri-apps/.test(readFileSync(join("src", name), "utf8")));
    expect(reaching).toEqual(["ipc.ts"]);
  });

  it("store nothing and put no foreign HTML into the page", () => {
    for (const name of sources) {
      expect(readFileSync(join("src", name), "utf8"), name).not.toMatch(
        /localStorage|sessionStorage|indexedDB|\{@html/,
      );
    }
  });
});

describe("the lock file", () => {
  it("names no host that packages come from", () => {
    expect(readFileSync("package-lock.json", "utf8")).not.toMatch(/"resolved"/);
  });
});
