// Userfront's official password form in a real Chromium.

import { after, afterEach, before, beforeEach, test } from "node:test";
import { lastSent, sandbox } from "../client.mjs";
import { adminSecret, totpCode } from "../totp.mjs";
import { openChromium } from "./chromium.mjs";

const newPassword = "another password 1";
const chosen = { newPassword, confirmNewPassword: newPassword };

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

async function requestLink(email) {
  await visitor.open("/reset");
  await visitor.submit({ email });
  await visitor.reads(`A link has been sent to ${email}`);
  return (await lastSent()).link;
}

async function logInByNewPassword() {
  await visitor.open("/dashboard");
  await visitor.click("Log out");
  await visitor.arrives("/login");
  await visitor.submit({ emailOrUsername: "member", password: newPassword });
  await visitor.isLoggedInAs("member");
}

for (const resetLinksHaveType of [true, false]) {
  test(`a reset link ${resetLinksHaveType ? "with" : "without"} a type sets a password`, async () => {
    await sandbox("PUT", "tenants/demo1234", { resetLinksHaveType });
    await visitor.open(await requestLink("member@example.com"));
    await visitor.submit(chosen);
    await visitor.isLoggedInAs("member");
    await logInByNewPassword();
  });
}

test("a reset link serves once", async () => {
  const link = await requestLink("member@example.com");
  await visitor.open(link);
  await visitor.submit(chosen);
  await visitor.isLoggedInAs("member");
  await visitor.open(link);
  await visitor.submit(chosen);
  await visitor.reads("This link has been used");
});

test("an unknown address is refused with the message for the person", async () => {
  await visitor.open("/reset");
  await visitor.submit({ email: "nobody@example.com" });
  await visitor.reads("There is no user with this e-mail address");
});

test("whoever is logged in changes the password by the one in force", async () => {
  await visitor.open("/login");
  await visitor.submit({ emailOrUsername: "member", password: "testmodepassword" });
  await visitor.isLoggedInAs("member");
  await visitor.open("/reset");
  await visitor.submit({ password: "wrong", ...chosen });
  await visitor.reads("Incorrect existing password");
  await visitor.submit({ password: "testmodepassword", ...chosen });
  await visitor.reads("Password reset");
  await logInByNewPassword();
});

test("a second factor follows a reset link", async () => {
  visitor.site.tenantId = "mfa01234";
  await visitor.open(await requestLink("admin@example.com"));
  await visitor.submit(chosen);
  await visitor.click("Use an authenticator app");
  await visitor.submit({ totpCode: totpCode(adminSecret) });
  await visitor.isLoggedInAs("admin");
});
