// Userfront's official toolkit in a Chromium without a window, told by lines what to do: `log-in`, which reads
// user and password from the next two lines, `log-out`, `open-login` and `end`. Each is answered by a line: how
// long it took from the key or the click to the painted frame with its result, in ms, by the page's own clock,
// or `done`.

import { createInterface } from "node:readline";
import { openChromium } from "../sandbox/conformance/toolkit/chromium.mjs";

const chromium = await openChromium();
const visitor = await chromium.visit("demo1234");
const { page } = visitor;
// The empty page that a browser begins with costs memory, too.
for (const other of await page.browser().pages()) if (other !== page) await other.close();

// The result of either is another document, which knows the begin from the one before.
await page.evaluateOnNewDocument(() => {
  const now = () => performance.timeOrigin + performance.now();
  const isShown = (selector) => document.querySelector(selector)?.getClientRects().length > 0;
  const frame = () =>
    requestAnimationFrame(() => {
      if (!isShown(sessionStorage.getItem("awaited"))) return frame();
      const after = new MessageChannel();
      after.port1.onmessage = () => {
        globalThis.took = now() - Number(sessionStorage.getItem("begin"));
        sessionStorage.clear();
      };
      after.port2.postMessage(null);
    });
  globalThis.beginNow = () => {
    delete globalThis.took;
    sessionStorage.setItem("begin", now());
    frame();
  };
  if (sessionStorage.getItem("begin")) frame();
});

const awaits = (selector) => page.evaluate((it) => sessionStorage.setItem("awaited", it), selector);

async function took() {
  const there = await page.waitForFunction(() => globalThis.took, { polling: 100 });
  return there.jsonValue();
}

const tasks = {
  async "open-login"() {
    await visitor.open("/login");
    await page.waitForSelector("input[name=password]", { visible: true });
    return "done";
  },
  async "log-in"(user, password) {
    await tasks["open-login"]();
    await visitor.fill("emailOrUsername", user);
    await visitor.fill("password", password);
    await awaits("logout-button button");
    await page.evaluate(() => addEventListener("keydown", globalThis.beginNow, { capture: true, once: true }));
    await page.focus("input[name=password]");
    await page.keyboard.press("Enter");
    return took();
  },
  async "log-out"() {
    await page.waitForSelector("logout-button button", { visible: true });
    await awaits("input[name=password]");
    await page.evaluate(() => {
      globalThis.beginNow();
      document.querySelector("logout-button button").click();
    });
    return took();
  },
};

const input = createInterface({ input: process.stdin });
const lines = input[Symbol.asyncIterator]();
const next = async () => (await lines.next()).value;
console.log("ready");
for (let task = await next(); task && task !== "end"; task = await next()) {
  console.log(task === "log-in" ? await tasks[task](await next(), await next()) : await tasks[task]());
}
await visitor.leave();
await chromium.close();
console.log("done");
input.close();
