// A real Chromium, without a window, that reaches this machine alone.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import puppeteer from "puppeteer-core";
import { baseUrl, sandbox } from "../client.mjs";
import { totpCode } from "../totp.mjs";
import { openSite } from "./site.mjs";

const origin = "http://localhost:3000";

/** Long: the machine may be busy with other tests. Nothing waits for it that has come. */
const patience = 30_000;

function launch(userDataDir, port) {
  return puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    userDataDir,
    protocolTimeout: 2 * patience,
    args: [
      // As root, Chromium has no sandbox of its own.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-dev-shm-usage",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--host-resolver-rules=MAP localhost:3000 127.0.0.1:${port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`,
    ],
  });
}

/** The site, and a Chromium for it. */
export async function openChromium() {
  const userDataDir = mkdtempSync(join(tmpdir(), "userfront-conformance-"));
  const site = await openSite();
  const browser = await launch(userDataDir, site.port);
  const close = async () => {
    await browser.close();
    site.close();
    rmSync(userDataDir, { recursive: true, force: true, maxRetries: 5 });
  };
  return { site, visit: (tenantId) => Visitor.of(browser, site, tenantId), close };
}

/** Somebody in front of a browser without cookies. */
class Visitor {
  static async of(browser, site, tenantId) {
    await sandbox("POST", "reset");
    site.tenantId = tenantId;
    const visitor = new Visitor();
    visitor.site = site;
    visitor.context = browser.defaultBrowserContext();
    visitor.page = await visitor.context.newPage();
    // The same browser for all: it has read the toolkit once. Of the one before nothing is left but that.
    const session = await visitor.page.createCDPSession();
    await session.send("Storage.clearDataForOrigin", { origin, storageTypes: "cookies,local_storage" });
    assert.deepEqual(await visitor.context.cookies(), []);
    visitor.page.setDefaultTimeout(patience);
    visitor.outside = [];
    visitor.page.on("request", (request) => {
      const url = request.url();
      const known = ["data:", "blob:", `${origin}/`, new URL("/", baseUrl).href];
      if (!known.some((start) => url.startsWith(start))) visitor.outside.push(url);
    });
    return visitor;
  }

  /** Closes the browser, which must have asked nobody but the site and the sandbox. */
  async leave() {
    await this.page.close();
    assert.deepEqual(this.outside, []);
  }

  /** Opens a path of the site, or a link. */
  async open(address) {
    await this.page.goto(new URL(address, origin).href, { waitUntil: "domcontentloaded" });
  }

  /** Clicks what is called so. */
  async click(text) {
    await this.page.locator(`::-p-aria([name="${text}"][role="button"])`).click();
  }

  async follow(selector) {
    await this.page.locator(selector).click();
  }

  /** Fills the field of this name. */
  async fill(name, text) {
    await this.page.locator(`input[name="${name}"]`).fill(text);
  }

  /** Types a number digit by digit, as a person does, behind the country code +1 that is there. */
  async fillPhone(number) {
    const field = await this.page.locator("input[type=tel].form-control").waitHandle();
    await field.type(number);
  }

  async submit(fields = {}) {
    for (const [name, text] of Object.entries(fields)) await this.fill(name, text);
    await this.click("Submit");
  }

  /** Waits until the page says so; says what it says instead. */
  async reads(text) {
    const says = (expected) => document.body?.innerText.includes(expected);
    await this.page.waitForFunction(says, {}, text).catch(async (error) => {
      throw new Error(`the page never said "${text}" but: ${await this.text()}`, { cause: error });
    });
  }

  /** Sets an authenticator app up, by what the page was sent for it, and goes on past the backup codes. */
  async setsUpTotp() {
    await this.reads("Scan this QR code");
    const { authorization } = (await this.lastTotpCall()).headers;
    assert.match(authorization, /^Bearer uf_test_first_factor_/);
    // Until it is confirmed, the same app is offered again.
    const offer = await (await fetch(new URL("auth/totp", baseUrl), { headers: { authorization } })).json();
    await this.submit({ totpCode: totpCode(offer.totpSecret) });
    for (const code of offer.backupCodes) await this.reads(code);
    await this.click("Continue");
  }

  /** The form shows its heading before it makes the call. */
  async lastTotpCall() {
    const begin = Date.now();
    for (;;) {
      const calls = (await sandbox("GET", "requests")).filter(({ path }) => path === "/v0/auth/totp");
      if (calls.length > 0) return calls.at(-1);
      assert.ok(Date.now() - begin < patience, "the form asks for no authenticator app");
      await setTimeout(20);
    }
  }

  async text() {
    const { pathname } = new URL(this.page.url());
    return `${pathname}: ${await this.page.evaluate(() => document.body?.innerText)}`;
  }

  /** Waits until the browser has been sent to this path. */
  async arrives(pathname) {
    const isThere = (expected) => location.pathname === expected && document.readyState === "complete";
    await this.page.waitForFunction(isThere, {}, pathname).catch(async (error) => {
      throw new Error(`the browser never came to ${pathname}, but ${await this.text()}`, { cause: error });
    });
  }

  /** Waits until this user is logged in: at the dashboard, with the tokens in cookies and one session. */
  async isLoggedInAs(username, path = "/dashboard") {
    await this.arrives(path);
    const user = await this.page.evaluate(() => ({ ...globalThis.Userfront.user }));
    assert.equal(user.username ?? user.email ?? user.phoneNumber, username);
    const cookies = (await this.context.cookies()).map(({ name }) => name.split(".")[0]).sort();
    assert.deepEqual(cookies, ["access", "id", "refresh"]);
    const alive = (await sandbox("GET", "sessions")).filter((session) => session.alive);
    assert.deepEqual(
      alive.map(({ userUuid }) => userUuid),
      [user.userUuid],
    );
  }
}
