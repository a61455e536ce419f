// What is different in live mode: Userfront's official client, unchanged, against a sandbox in live mode,
// from a page on https.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { baseUrl, lastSent, linkParts, openClient } from "./client.mjs";

let browser;
let Userfront;

before(async () => {
  ({ browser, Userfront } = await openClient("demo1234", "https://app.example.org/login"));
});

after(() => browser?.close());

test("the client takes the mode for live", async () => {
  await Userfront.setMode();
  assert.equal(Userfront.mode.value, "live");
});

test("link, code and reset are sent and not answered", async () => {
  const { result: link } = await Userfront.sendLoginLink("member@example.com");
  assert.equal(link.link, undefined);
  const sent = await lastSent();
  assert.match(sent.link, /^https:\/\/app\.example\.org\/login\?/);
  await Userfront.login({ method: "link", ...linkParts(sent.link), redirect: false });
  assert.equal(Userfront.user.username, "member");
  assert.equal(Userfront.user.mode, "live");

  const address = { channel: "sms", phoneNumber: "+15555550102" };
  const { result: code } = await Userfront.sendVerificationCode(address);
  assert.equal(code.verificationCode, undefined);
  const { verificationCode } = await lastSent();
  await Userfront.login({ method: "verificationCode", ...address, verificationCode, redirect: false });

  const { result: reset } = await Userfront.sendResetLink("member@example.com");
  assert.equal(reset.link, undefined);
  const { token, uuid } = linkParts((await lastSent()).link);
  const change = (password) => Userfront.resetPassword({ method: "link", token, uuid, password, redirect: false });
  await assert.rejects(change("password"), /at least 16 characters, or at least 8 with a letter and a number/);
  await change("password1");
});

test("SAML: log-in and log-out at a service provider leave the user logged in", async () => {
  for (const [step, complete] of [
    ["login", () => Userfront.login({ method: "saml" })],
    ["logout", () => Userfront.logout({ method: "saml" })],
  ]) {
    browser.visited.length = 0;
    await complete();
    const [address, ...others] = browser.visited;
    assert.deepEqual(others, []);
    assert.ok(address.startsWith(`${baseUrl}auth/saml/idp/${step}?tenant_id=demo1234&token=`), address);
    const page = await fetch(address);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /The service provider&#39;s log-(in|out) is complete/);
    assert.equal((await fetch(address)).status, 400);
    assert.ok(Userfront.accessToken());
  }
  const self = await fetch(new URL("self", baseUrl), {
    headers: { authorization: `Bearer ${Userfront.accessToken()}` },
  });
  assert.equal(self.status, 200);
});
