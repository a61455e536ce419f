// Userfront's official sign-up form in a real Chromium.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { lastSent, sandbox } from "../client.mjs";
import { openChromium } from "./chromium.mjs";

const email = "ny@example.com";
const password = "testmodepassword1";

let chromium;
let visitor;

before(async () => {
  chromium = await openChromium();
});

beforeEach(async () => {
  visitor = await chromium.visit("demo1234");
  await visitor.open("/signup");
});

afterEach(() => visitor?.leave());

after(() => chromium?.close());

async function enterCode() {
  await visitor.reads("Enter your verification code");
  const { verificationCode } = await lastSent();
  await visitor.submit({ verificationCode });
}

async function byMail() {
  await visitor.click("Email me a code");
  await visitor.submit({ email });
  await enterCode();
}

test("sign up with a password", async () => {
  await visitor.submit({ email, password });
  await visitor.isLoggedInAs(email);
  assert.equal((await lastSent()).to, email);
});

test("the link of the welcome mail logs in", async () => {
  await visitor.submit({ email, password });
  await visitor.isLoggedInAs(email);
  await visitor.click("Log out");
  await visitor.arrives("/login");
  await visitor.open((await lastSent()).link);
  await visitor.isLoggedInAs(email);
});

test("sign up by a link", async () => {
  await visitor.click("Email me a link");
  await visitor.submit({ email });
  await visitor.reads(`A link has been sent to ${email}`);
  await visitor.open((await lastSent()).link);
  await visitor.isLoggedInAs(email);
});

test("sign up by a code by e-mail", async () => {
  await byMail();
  await visitor.isLoggedInAs(email);
});

test("sign up by a code by SMS", async () => {
  await visitor.click("Text me a code");
  await visitor.fillPhone("5555559999");
  await visitor.submit();
  await enterCode();
  await visitor.isLoggedInAs("+15555559999");
});

test("the log-in form makes a new user of an unknown address, too", async () => {
  await visitor.open("/login");
  await byMail();
  await visitor.isLoggedInAs(email);
});

test("an address that has a user logs in by a code", async () => {
  await visitor.click("Email me a code");
  await visitor.submit({ email: "member@example.com" });
  await enterCode();
  await visitor.isLoggedInAs("member");
});

test("a taken address is refused with the message for the person", async () => {
  await visitor.submit({ email: "member@example.com", password });
  await visitor.reads("This e-mail address is taken");
  assert.deepEqual(await sandbox("GET", "sessions"), []);
});

const totp = { strategy: "totp", channel: "authenticator" };
const [sms, mail] = ["sms", "email"].map((channel) => ({ strategy: "verificationCode", channel }));

/** Signs up with a password where these second factors are there. */
async function startWith(...secondFactors) {
  await sandbox("PUT", "tenants/demo1234", { secondFactors, isMfaRequired: true });
  await visitor.submit({ email, password });
}

test("a second factor is set up on the way: a phone number", async () => {
  await startWith(totp, sms);
  await visitor.click("Text me a code");
  await visitor.fillPhone("5555559999");
  await visitor.submit();
  await enterCode();
  await visitor.isLoggedInAs(email);
});

test("a second factor is set up on the way: an authenticator app", async () => {
  await startWith(totp, sms);
  await visitor.click("Use an authenticator app");
  await visitor.setsUpTotp();
  await visitor.isLoggedInAs(email);
});

test("whoever has an e-mail address has a second factor that is set up: a code by e-mail", async () => {
  await startWith(totp, sms, mail);
  await visitor.reads("Email me a code");
  await visitor.submit({ email });
  await enterCode();
  await visitor.isLoggedInAs(email);
});
