// Single sign-on by Userfront's official log-in and sign-up forms in a real Chromium, with the sandbox's
// pretend providers.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { sandbox } from "../client.mjs";
import { openChromium } from "./chromium.mjs";

// What the toolkit's buttons say. It has one for Twitter, too, but its client has no log-in by that name.
const providers = {
  apple: "Apple",
  azure: "Azure",
  facebook: "Facebook",
  github: "Github",
  google: "Google",
  linkedin: "LinkedIn",
  okta: "Okta",
};

let chromium;
let visitor;

before(async () => {
  chromium = await openChromium();
});

beforeEach(async () => {
  visitor = await chromium.visit("sso01234");
});

afterEach(() => visitor?.leave());

after(() => chromium?.close());

for (const [provider, name] of Object.entries(providers)) {
  test(`log in by ${provider}`, async () => {
    await visitor.open("/login");
    await visitor.click(name);
    await visitor.reads(`Log in with ${provider}`);
    await visitor.follow("#consent-member");
    await visitor.isLoggedInAs("member");
    const [back] = (await sandbox("GET", "requests")).filter(
      ({ method, path }) => method === "PUT" && path === "/v0/tenants/sso01234/auth/link",
    );
    assert.equal(JSON.parse(back.body).linkType, "");
  });
}

test("sign up by a provider", async () => {
  await visitor.open("/signup");
  await visitor.click("Google");
  await visitor.follow("#consent-new");
  await visitor.isLoggedInAs("new@google.example");
});

test("a provider is the only way to log in", async () => {
  await sandbox("PUT", "tenants/sso01234", { firstFactors: [{ channel: "email", strategy: "google" }] });
  await visitor.open("/login");
  await visitor.click("Google");
  await visitor.follow("#consent-member");
  await visitor.isLoggedInAs("member");
});

test("whoever cancels at the provider is back at the form", async () => {
  await visitor.open("/login");
  await visitor.click("Okta");
  await visitor.follow("#consent-cancel");
  await visitor.arrives("/login");
  await visitor.reads("Email me a link");
  assert.deepEqual(await sandbox("GET", "sessions"), []);
});

test("a second factor follows single sign-on", async () => {
  await sandbox("PUT", "tenants/sso01234", {
    secondFactors: [{ channel: "sms", strategy: "verificationCode" }],
    isMfaRequired: true,
  });
  await visitor.open("/login");
  await visitor.click("LinkedIn");
  await visitor.follow("#consent-member");
  await visitor.reads("Text me a code");
  await visitor.fillPhone("5555550102");
  await visitor.submit();
  await visitor.reads("Enter your verification code");
  const [{ verificationCode }] = await sandbox("GET", "outbox");
  await visitor.submit({ verificationCode });
  await visitor.isLoggedInAs("member");
});
