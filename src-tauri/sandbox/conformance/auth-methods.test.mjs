// Every auth method, second factors and the user's own account: Userfront's official client, unchanged,
// against a sandbox in test mode.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { baseUrl, difficult, lastSent, linkParts, openClient, sandbox } from "./client.mjs";
import { adminSecret, totpCode } from "./totp.mjs";

const phoneNumber = "+15555550102";

let browser;
let Userfront;

async function alive() {
  return (await sandbox("GET", "sessions")).filter((session) => session.alive).length;
}

function use(tenantId) {
  Userfront.init(tenantId, { baseUrl });
}

before(async () => {
  ({ browser, Userfront } = await openClient("demo1234", "http://localhost:3000/login"));
});

beforeEach(async () => {
  await sandbox("POST", "reset");
  for (const tenant of ["demo1234", "sso01234", "mfa01234"]) {
    use(tenant);
    await Userfront.logout({ redirect: false });
  }
  use("demo1234");
  browser.visited.length = 0;
});

after(() => browser?.close());

function assertIsDifficult() {
  for (const [field, value] of Object.entries(difficult)) {
    assert.deepEqual(Userfront.user[field], value, field);
  }
  assert.equal(Userfront.user.image, null);
  assert.equal(Userfront.user.hasRole("member"), true);
}

test("sign up with a password", async () => {
  await Userfront.signup({
    method: "password",
    email: "ny@example.com",
    password: "testmodepassword",
    ...difficult,
  });
  assertIsDifficult();
  assert.equal(await alive(), 1);
  assert.deepEqual(browser.visited, ["/dashboard"]);
  assert.equal((await lastSent()).to, "ny@example.com");
  await assert.rejects(
    Userfront.signup({ method: "password", email: "NY@example.com", password: "testmodepassword" }),
    /^Error: This e-mail address is taken$/,
  );
});

test("sign up with a password and without a welcome", async () => {
  const options = { noSignupEmail: true };
  await Userfront.signup({ method: "password", email: "ny@example.com", password: "x", name: null, options });
  assert.equal(Userfront.user.name, null);
  assert.equal(await lastSent(), undefined);
});

test("sign up by link", async () => {
  const { message, result } = await Userfront.signup({
    method: "passwordless",
    email: "ny@example.com",
    ...difficult,
  });
  assert.equal(message, "OK");
  assert.match(result.link, /^http:\/\/localhost:3000\/login\?uuid=[^&]+&token=[^&]+&type=welcome$/);
  await Userfront.login({ method: "link", ...linkParts(result.link), redirect: false });
  assertIsDifficult();
  assert.equal(Userfront.user.isEmailConfirmed, true);
});

test("sign up by code", async () => {
  const address = { channel: "sms", phoneNumber: "+15555559999" };
  const { result } = await Userfront.signup({ method: "verificationCode", ...address, ...difficult });
  const { verificationCode } = result;
  await Userfront.login({ method: "verificationCode", ...address, verificationCode, redirect: false });
  assertIsDifficult();
  assert.equal(Userfront.user.phoneNumber, "+15555559999");
  assert.equal(Userfront.user.isPhoneNumberConfirmed, true);
});

test("log in by link, from its parts and from the page's address", async () => {
  const { result } = await Userfront.sendLoginLink("member@example.com");
  await Userfront.login({ method: "link", ...linkParts(result.link), redirect: false });
  assert.equal(Userfront.user.username, "member");
  const parts = linkParts(result.link);
  await assert.rejects(Userfront.login({ method: "link", ...parts }), /This link has been used/);

  const again = await Userfront.login({ method: "passwordless", email: "viewer@example.com" });
  globalThis.location.href = again.result.link;
  try {
    await Userfront.login({ method: "link", redirect: false });
  } finally {
    globalThis.location.href = "http://localhost:3000/login";
  }
  assert.equal(Userfront.user.username, "viewer");
  const unknown = await Userfront.sendLoginLink("nobody@example.com");
  await Userfront.login({ method: "link", ...linkParts(unknown.result.link), redirect: false });
  assert.equal(Userfront.user.email, "nobody@example.com");
});

test("log in by code, by SMS and e-mail", async () => {
  for (const address of [
    { channel: "sms", phoneNumber },
    { channel: "email", email: "member@example.com" },
  ]) {
    const { result } = await Userfront.sendVerificationCode(address);
    const right = result.verificationCode;
    const wrong = right === "000000" ? "000001" : "000000";
    const login = (verificationCode) =>
      Userfront.login({ method: "verificationCode", ...address, verificationCode, redirect: false });
    await assert.rejects(login(wrong), /^Error: Incorrect verification code$/);
    await login(right);
    assert.equal(Userfront.user.username, "member");
  }
});

test("log in by TOTP and by backup code", async () => {
  const login = (code) => Userfront.login({ method: "totp", redirect: false, ...code });
  await assert.rejects(login({ email: "admin@example.com", totpCode: "1" }), /^Error: Incorrect TOTP code$/);
  await login({ email: "admin@example.com", totpCode: totpCode(adminSecret) });
  assert.equal(Userfront.user.username, "admin");
  await login({ userId: 1, backupCode: "60bb6-9393a" });
  await assert.rejects(login({ userId: 1, backupCode: "60bb6-9393a" }), /^Error: Incorrect backup code$/);
  assert.equal(await alive(), 2);
});

test("TOTP is set up by a user who is logged in", async () => {
  await Userfront.login({ method: "password", username: "viewer", password: "test", redirect: false });
  const { totpSecret, qrCode, backupCodes } = await Userfront.user.getTotp();
  assert.match(qrCode, /^data:image\/png;base64,iVBORw0KGgo/);
  assert.equal(backupCodes.length, 10);
  const { userUuid } = Userfront.user;
  const login = (code) => Userfront.login({ method: "totp", userUuid, redirect: false, ...code });
  await login({ totpCode: totpCode(totpSecret) });
  await login({ backupCode: backupCodes[9] });
  assert.equal(Userfront.user.username, "viewer");
});

test("a password is reset", async () => {
  const { message, result } = await Userfront.sendResetLink("viewer@example.com");
  assert.equal(message, "OK");
  assert.match(result.link, /^http:\/\/localhost:3000\/reset\?uuid=[^&]+&token=[^&]+&type=reset$/);
  const { token, uuid } = linkParts(result.link);
  await Userfront.resetPassword({ token, uuid, password: "nytt lösen", redirect: false });
  assert.equal(Userfront.user.username, "viewer");
  const credentials = { method: "password", username: "viewer", password: "nytt lösen", redirect: false };
  await Userfront.login(credentials);
  await assert.rejects(
    Userfront.updatePassword({ method: "link", token, uuid, password: "x" }),
    /This link has been used/,
  );
});

test("a password is changed by who knows the old one", async () => {
  const credentials = { method: "password", username: "viewer", redirect: false };
  await Userfront.login({ ...credentials, password: "testmodepassword" });
  const change = (existingPassword) => Userfront.updatePassword({ existingPassword, password: "another one" });
  await assert.rejects(change("wrong"), /^Error: Incorrect existing password$/);
  assert.deepEqual(await change("testmodepassword"), { message: "OK" });
  await Userfront.login({ ...credentials, password: "another one" });
});

test("a user edits itself, and the client refreshes", async () => {
  await Userfront.login({ method: "password", username: "member", password: "test", redirect: false });
  const image = "https://example.com/å.png";
  await Userfront.user.update({ ...difficult, image });
  for (const [field, value] of Object.entries({ ...difficult, image })) {
    assert.deepEqual(Userfront.user[field], value, field);
  }
  const paths = (await sandbox("GET", "requests")).map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual(paths.slice(-2), ["PUT /v0/self", "GET /v0/auth/refresh"]);
  await Userfront.user.update({ name: null, username: null, image: null, data: null });
  for (const field of ["name", "username", "image", "data"]) {
    assert.equal(Userfront.user[field], null, field);
  }
  assert.equal(await alive(), 1);
});

test("single sign-on: to each provider and back", async () => {
  use("sso01234");
  const { authentication } = await Userfront.setMode();
  const all = authentication.firstFactors.slice(5, -1);
  assert.equal(all.length, 9);
  // The toolkit has a button for it, this client no log-in by its name.
  const providers = all.filter(({ strategy }) => strategy !== "twitter");
  for (const { strategy: method, providerId } of providers) {
    browser.visited.length = 0;
    await Userfront.login({ method, providerId, redirect: "/dashboard?a=å" });
    const [link] = browser.visited;
    assert.ok(link.startsWith(`${baseUrl}auth/${method}/login?origin=http%3A%2F%2Flocalhost%3A3000&`), link);
    const page = await (await fetch(link)).text();
    const href = page.match(/id="consent-admin" href="([^"]+)"/)[1].replaceAll("&amp;", "&");
    const answer = await fetch(new URL(href, link), { redirect: "manual" });
    assert.equal(answer.status, 302);
    const back = new URL(answer.headers.get("location"));
    assert.equal(`${back.origin}${back.pathname}`, "http://localhost:3000/dashboard");
    assert.equal(back.searchParams.get("a"), "å");
    // As the page does that the browser comes back to.
    globalThis.location.href = back.href;
    await Userfront.login({ method: "link", linkType: back.searchParams.get("type") ?? "", redirect: false });
    globalThis.location.href = "http://localhost:3000/login";
    assert.equal(Userfront.user.username, "admin", method);
    await Userfront.logout({ redirect: false });
  }
  assert.equal(await alive(), 0);
});

test("SAML is refused in test mode, with the message for the person", async () => {
  await Userfront.login({ method: "password", username: "admin", password: "test", redirect: false });
  await assert.rejects(Userfront.login({ method: "saml" }), /^Error: SAML is available in live mode only$/);
});

async function firstFactor(username) {
  use("mfa01234");
  await Userfront.logout({ redirect: false });
  const credentials = { method: "password", username, password: "test", redirect: false };
  const answer = await Userfront.login(credentials);
  assert.equal(answer.message, "MFA required");
  const session = await Userfront.getSession();
  assert.equal(session.isLoggedIn, false);
  assert.equal(session.needsSecondFactor, true);
  return session.secondFactors;
}

test("second factor: TOTP and backup code", async () => {
  for (const code of [{ totpCode: totpCode(adminSecret) }, { backupCode: "1b8ef-e3e4b" }]) {
    const [totp] = await firstFactor("admin");
    assert.deepEqual(totp, { strategy: "totp", channel: "authenticator", isConfiguredByUser: true });
    await Userfront.login({ method: "totp", redirect: false, ...code });
    assert.equal(Userfront.user.username, "admin");
    assert.equal(Userfront.user.isMfaRequired, true);
  }
});

test("second factor: code by SMS and e-mail, without naming the address", async () => {
  for (const channel of ["sms", "email"]) {
    await firstFactor("member");
    const { result } = await Userfront.sendVerificationCode({ channel });
    const { verificationCode } = result;
    await Userfront.login({ method: "verificationCode", channel, verificationCode, redirect: false });
    assert.equal(Userfront.user.username, "member");
  }
});

test("second factor: TOTP set up on the way", async () => {
  const [totp] = await firstFactor("viewer");
  assert.equal(totp.isConfiguredByUser, false);
  const { totpSecret } = await Userfront.user.getTotp();
  await Userfront.login({ method: "totp", totpCode: totpCode(totpSecret), redirect: false });
  assert.equal(Userfront.user.username, "viewer");
  const [again] = await firstFactor("viewer");
  assert.equal(again.isConfiguredByUser, true);
});

test("second factor: a phone number set up on the way by somebody who signs up", async () => {
  use("mfa01234");
  const credentials = { method: "password", email: "ny@example.com", password: "testmodepassword" };
  const { authentication } = await Userfront.signup({ ...credentials, ...difficult, redirect: false });
  const sms = authentication.secondFactors.find(({ channel }) => channel === "sms");
  assert.equal(sms.isConfiguredByUser, false);
  await assert.rejects(Userfront.sendVerificationCode({ channel: "sms" }), /No phone number is set up/);
  const address = { channel: "sms", phoneNumber: "+15555559999" };
  const { verificationCode } = (await Userfront.sendVerificationCode(address)).result;
  await Userfront.login({ method: "verificationCode", channel: "sms", verificationCode, redirect: false });
  assertIsDifficult();
  assert.equal(Userfront.user.phoneNumber, "+15555559999");
});

test("second factor after a link, and after the client begins anew with an old token", async () => {
  use("mfa01234");
  const { result } = await Userfront.sendLoginLink("admin@example.com");
  const answer = await Userfront.login({ method: "link", ...linkParts(result.link), redirect: false });
  assert.deepEqual(answer.authentication.firstFactor, { strategy: "link", channel: "email" });
  // `login` sends the first-factor token of the link along.
  const credentials = { method: "password", username: "admin", password: "test", redirect: false };
  const anew = await Userfront.login(credentials);
  assert.notEqual(anew.firstFactorToken, answer.firstFactorToken);
  await Userfront.login({ method: "totp", totpCode: totpCode(adminSecret), redirect: false });
  assert.equal(Userfront.user.username, "admin");
  assert.equal(await alive(), 1);
});
