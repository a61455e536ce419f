// Userfront's official log-in form and logout button in a real Chromium.

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
  visitor = await chromium.visit("demo1234");
});

afterEach(() => visitor?.leave());

after(() => chromium?.close());

const ways = {
  async "a password, by e-mail address"() {
    await visitor.submit({ emailOrUsername: "member@example.com", password });
  },
  async "a password, by user name"() {
    await visitor.submit({ emailOrUsername: "member", password });
  },
  async "a link by e-mail"() {
    await visitor.click("Email me a link");
    await visitor.submit({ email: "member@example.com" });
    await visitor.reads("A link has been sent to member@example.com");
    await visitor.open((await lastSent()).link);
  },
  async "a link that was sent again"() {
    await visitor.click("Email me a link");
    await visitor.submit({ email: "member@example.com" });
    await visitor.reads("A link has been sent to member@example.com");
    await visitor.click("Resend");
    await visitor.reads("Email resent.");
    assert.equal((await sandbox("GET", "outbox")).length, 2);
    await visitor.open((await lastSent()).link);
  },
  async "a code by e-mail"() {
    await visitor.click("Email me a code");
    await visitor.submit({ email: "member@example.com" });
    await visitor.reads("Enter your verification code");
    const { verificationCode } = await lastSent();
    await visitor.submit({ verificationCode });
  },
  async "a code by SMS"() {
    await visitor.click("Text me a code");
    await visitor.fillPhone("5555550102");
    await visitor.submit();
    await visitor.reads("Enter your verification code");
    const { verificationCode } = await lastSent();
    await visitor.submit({ verificationCode });
  },
};

for (const [way, logIn] of Object.entries(ways)) {
  test(`log in by ${way}`, async () => {
    await visitor.open("/login");
    await logIn();
    await visitor.isLoggedInAs("member");
  });
}

/** The form for codes of an app does not ask who it is: it knows only what was typed before. */
async function openAuthenticator(email) {
  await visitor.open("/login");
  await visitor.click("Email me a code");
  await visitor.submit({ email });
  await visitor.reads("Enter your verification code");
  await visitor.click("Back");
  await visitor.reads("Email address");
  await visitor.click("Back");
  await visitor.click("Use an authenticator app");
}

test("log in by an authenticator app", async () => {
  await openAuthenticator("admin@example.com");
  await visitor.submit({ totpCode: totpCode(adminSecret) });
  await visitor.isLoggedInAs("admin");
});

test("log in by a backup code", async () => {
  await openAuthenticator("admin@example.com");
  await visitor.click("Use a backup code");
  await visitor.submit({ backupCode: "60bb6-9393a" });
  await visitor.isLoggedInAs("admin");
});

// A tenant with one way to log in shows its form at once.
const alone = {
  "password/email": "a password, by e-mail address",
  "link/email": "a link by e-mail",
  "verificationCode/email": "a code by e-mail",
  "verificationCode/sms": "a code by SMS",
};
for (const [factor, way] of Object.entries(alone)) {
  test(`log in where ${factor} is the only way`, async () => {
    const [strategy, channel] = factor.split("/");
    await sandbox("PUT", "tenants/demo1234", { firstFactors: [{ strategy, channel }] });
    await visitor.open("/login");
    visitor.click = only(visitor);
    await ways[way]();
    await visitor.isLoggedInAs("member");
  });
}

/** Without the click on the way, which is not there to be clicked. */
function only(who) {
  const click = who.click.bind(who);
  return async (text) => text === "Submit" && click(text);
}

test("wrong passwords and codes are refused with the message for the person", async () => {
  await visitor.open("/login");
  await visitor.submit({ emailOrUsername: "member", password: "wrong" });
  await visitor.reads("Incorrect email or password");
  await visitor.click("Email me a code");
  await visitor.submit({ email: "member@example.com" });
  await visitor.reads("Enter your verification code");
  const { verificationCode } = await lastSent();
  await visitor.submit({ verificationCode: verificationCode === "000000" ? "000001" : "000000" });
  await visitor.reads("Incorrect verification code");
  assert.deepEqual(await sandbox("GET", "sessions"), []);
  await visitor.submit({ verificationCode });
  await visitor.isLoggedInAs("member");
});

// The toolkit does not show why.
test("a used link is refused, and the ways to log in are shown", async () => {
  await visitor.open("/login");
  await ways["a link by e-mail"]();
  await visitor.isLoggedInAs("member");
  await visitor.click("Log out");
  await visitor.arrives("/login");
  await visitor.open((await lastSent()).link);
  await visitor.reads("Email me a link");
  assert.ok((await sandbox("GET", "sessions")).every((session) => !session.alive));
});

test("whoever is logged in is welcomed by the form, which refreshes the tokens", async () => {
  await visitor.open("/login");
  await ways["a password, by user name"]();
  await visitor.isLoggedInAs("member");
  await visitor.open("/login");
  await visitor.reads("Welcome");
  await visitor.isLoggedInAs("member", "/login");
  const asked = (await sandbox("GET", "requests")).map(({ path }) => path);
  assert.ok(asked.includes("/v0/auth/refresh"), asked.join(" "));
});

for (const [page, after] of [
  ["/dashboard", "/login"],
  ["/elsewhere", "/signup"],
]) {
  test(`the logout button of ${page} ends the session and leads to ${after}`, async () => {
    await visitor.open("/login");
    await ways["a password, by user name"]();
    await visitor.isLoggedInAs("member");
    await visitor.open(page);
    await visitor.click("Log out");
    await visitor.arrives(after);
    assert.deepEqual(await visitor.context.cookies(), []);
    const [session, ...others] = await sandbox("GET", "sessions");
    assert.deepEqual([session.alive, others], [false, []]);
  });
}
