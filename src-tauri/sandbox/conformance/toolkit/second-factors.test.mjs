// Second factors by Userfront's official forms in a real Chromium: those that are set up, and setting one up.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { lastSent, sandbox } from "../client.mjs";
import { adminSecret, totpCode } from "../totp.mjs";
import { openChromium } from "./chromium.mjs";

const password = "testmodepassword";

let chromium;
let visitor;

before(async () => {
  chromium = await openChromium();
});

beforeEach(async () => {
  visitor = await chromium.visit("mfa01234");
});

afterEach(() => visitor?.leave());

after(() => chromium?.close());

async function passwordOf(emailOrUsername) {
  await visitor.open("/login");
  await visitor.submit({ emailOrUsername, password });
}

/** What the form offers. */
async function offered() {
  const names = ["Use an authenticator app", "Text me a code", "Email me a code", "Email me a link"];
  const text = await visitor.text();
  return names.filter((name) => text.includes(name));
}

async function enterCode() {
  await visitor.reads("Enter your verification code");
  const { verificationCode } = await lastSent();
  await visitor.submit({ verificationCode });
}

async function byText(number) {
  await visitor.click("Text me a code");
  await visitor.fillPhone(number);
  await visitor.submit();
  await enterCode();
}

async function byMail(email) {
  await visitor.click("Email me a code");
  await visitor.submit({ email });
  await enterCode();
}

const seconds = {
  async "the authenticator app"() {
    await visitor.click("Use an authenticator app");
    await visitor.submit({ totpCode: totpCode(adminSecret) });
  },
  async "a backup code"() {
    await visitor.click("Use an authenticator app");
    await visitor.click("Use a backup code");
    await visitor.submit({ backupCode: "60bb6-9393a" });
  },
  "a code by SMS": () => byText("5555550101"),
  "a code by e-mail": () => byMail("admin@example.com"),
};

for (const [second, show] of Object.entries(seconds)) {
  test(`a password, then ${second}`, async () => {
    await passwordOf("admin");
    await visitor.reads("Use an authenticator app");
    assert.deepEqual(await sandbox("GET", "sessions"), []);
    await show();
    await visitor.isLoggedInAs("admin");
  });
}

test("a link by e-mail, then the authenticator app", async () => {
  await visitor.open("/login");
  await visitor.click("Email me a link");
  await visitor.submit({ email: "admin@example.com" });
  await visitor.reads("A link has been sent to admin@example.com");
  await visitor.open((await lastSent()).link);
  await seconds["the authenticator app"]();
  await visitor.isLoggedInAs("admin");
});

test("whoever has no authenticator app is offered what is set up", async () => {
  await passwordOf("member");
  await visitor.reads("Text me a code");
  assert.deepEqual(await offered(), ["Text me a code", "Email me a code"]);
  await byText("5555550102");
  await visitor.isLoggedInAs("member");
});

test("a wrong second factor is refused with the message for the person, and the right one taken", async () => {
  await passwordOf("admin");
  await visitor.click("Use an authenticator app");
  await visitor.submit({ totpCode: "000000" });
  await visitor.reads("Incorrect TOTP code");
  await visitor.submit({ totpCode: totpCode(adminSecret) });
  await visitor.isLoggedInAs("admin");
});

const totp = { channel: "authenticator", strategy: "totp" };

test("an authenticator app is set up after the password where it is the only second factor", async () => {
  await sandbox("PUT", "tenants/mfa01234", { secondFactors: [totp] });
  await passwordOf("member");
  await visitor.setsUpTotp();
  await visitor.isLoggedInAs("member");
});

test("the only second factor is asked for at once", async () => {
  await sandbox("PUT", "tenants/mfa01234", { secondFactors: [totp] });
  await passwordOf("admin");
  await visitor.reads("Enter your six-digit code");
  await visitor.submit({ totpCode: totpCode(adminSecret) });
  await visitor.isLoggedInAs("admin");
});
