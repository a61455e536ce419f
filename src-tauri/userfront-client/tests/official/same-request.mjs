// Userfront's official client, unchanged, does what `same_request.rs` does with ours: each action once,
// against the sandboxes at SANDBOX_TEST and SANDBOX_LIVE (`http://127.0.0.1:PORT/v0/`). The sandboxes keep
// the requests; this script prints which of them belong to which action, as one line of JSON:
//
//   [{call, sandbox: "test" | "live", from, to, url, secrets: {"<placeholder>": value}}]
//
// `from` and `to` count the sandbox's recorded calls, `url` is where the page was sent, `secrets` differ in
// every run. Calls between two actions (a log-in that an action needs first) belong to none.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createRequire } from "node:module";

// The client and jsdom are installed there, once for both tests.
const conformance = new URL("../../../sandbox/conformance/", import.meta.url);
const { openBrowser } = await import(new URL("browser.mjs", conformance));
const bases = { test: process.env.SANDBOX_TEST, live: process.env.SANDBOX_LIVE };
const domain = "app.example.com";
const password = "testmodepassword";
// As the official forms log in.
const options = { noResetEmail: true };

const browser = openBrowser(`https://${domain}/login`);
// Only now: the client picks its HTTP adapter when it is loaded.
const client = createRequire(new URL("package.json", conformance))("@userfront/core");
const Userfront = client.default ?? client;

const done = [];
const seen = { test: 0, live: 0 };
let sandbox = "test";

async function count() {
  const answer = await fetch(new URL("/_sandbox/requests", bases[sandbox]));
  return (await answer.json()).length;
}

/** What was sent since the last action was `call`. */
async function note(call, secrets = {}) {
  const from = seen[sandbox];
  const to = (seen[sandbox] = await count());
  done.push({ call, sandbox, from, to, url: browser.visited.at(-1) ?? null, secrets });
  browser.visited.length = 0;
}

/** What was sent since the last action only prepared the next one. */
async function skip() {
  seen[sandbox] = await count();
  browser.visited.length = 0;
}

function begin(tenantId, mode, options = { domain }) {
  sandbox = mode;
  Userfront.init(tenantId, { baseUrl: bases[mode], ...options });
}

const partsOf = ({ result }) => Object.fromEntries(new URL(result.link).searchParams);

/** RFC 6238, as an authenticator app reckons. */
function totp(secret) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac("sha1", key).update(step).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

async function throughASession() {
  const wrong = { method: "password", email: "member@example.com", password: "wrong", options };
  await assert.rejects(Userfront.login(wrong));
  await note('login({method: "password"}), refused');
  await Userfront.login({ method: "password", username: "member", password, options });
  await note('login({method: "password"})');
  await Userfront.redirectIfLoggedIn();
  await note("redirectIfLoggedIn()");
  await Userfront.tokens.refresh();
  await note("tokens.refresh()");
  await Userfront.user.update({
    name: "Åsa 名倉 🌻 שלום",
    username: "asa",
    image: "https://example.com/å.png",
    data: { color: "#2a9d8f", 名: [null, 1.5, "🌻"] },
  });
  await note("user.update(…)");
  await Userfront.user.update({ name: null });
  await note("user.update({name: null})");
  await Userfront.user.update({});
  await note("user.update({})");
  await Userfront.updatePassword({ method: "jwt", password: "another1234 å\"", existingPassword: password });
  await note('updatePassword({method: "jwt"})');
  const { totpSecret } = await Userfront.user.getTotp();
  await note("user.getTotp()");
  const { userUuid } = Userfront.user;
  const totpCode = totp(totpSecret);
  await Userfront.login({ method: "totp", totpCode, userUuid });
  await note('login({method: "totp", userUuid})', { "<code>": totpCode });
  await Userfront.logout();
  await note("logout()");
}

async function byLink() {
  const sent = await Userfront.sendLoginLink("viewer@example.com");
  await note("sendLoginLink()");
  const { token, uuid, type: linkType } = partsOf(sent);
  await Userfront.login({ method: "link", token, uuid, linkType });
  await note('login({method: "link"})', { "<token>": token });

  const email = "ny+å@example.com";
  const joined = await Userfront.signup({ method: "passwordless", email, name: "Ny 名", username: "ny" });
  await note('signup({method: "passwordless"})');
  const link = partsOf(joined);
  await Userfront.login({ method: "link", token: link.token, uuid: link.uuid, linkType: link.type });
  await note('login({method: "link", linkType: "welcome"})', { "<token>": link.token, "<uuid>": link.uuid });

  const alone = partsOf(await Userfront.signup({ method: "passwordless", email: "nu@example.com" }));
  await note('signup({method: "passwordless"}), the address alone');
  await Userfront.login({ method: "link", token: alone.token, uuid: alone.uuid });
  await note('login({method: "link"}), without a type', { "<token>": alone.token, "<uuid>": alone.uuid });

  const reset = partsOf(await Userfront.sendResetLink("viewer@example.com"));
  await note("sendResetLink()");
  await Userfront.resetPassword({ method: "link", token: reset.token, uuid: reset.uuid, password: "another1234" });
  await note('resetPassword({method: "link"})', { "<token>": reset.token });
}

async function byCode() {
  const email = "viewer@example.com";
  const sent = await Userfront.sendVerificationCode({ channel: "email", email });
  await note('sendVerificationCode({channel: "email"})');
  let { verificationCode } = sent.result;
  await Userfront.login({ method: "verificationCode", channel: "email", email, verificationCode });
  await note('login({method: "verificationCode", channel: "email"})', { "<code>": verificationCode });

  const phoneNumber = "+15555550199";
  const joined = await Userfront.signup({ method: "verificationCode", channel: "sms", phoneNumber, name: "Nils" });
  await note('signup({method: "verificationCode", channel: "sms"})');
  ({ verificationCode } = joined.result);
  await Userfront.login({ method: "verificationCode", channel: "sms", phoneNumber, verificationCode });
  await note('login({method: "verificationCode", channel: "sms"})', { "<code>": verificationCode });

  const totpCode = totp(process.env.ADMIN_TOTP_SECRET);
  await Userfront.login({ method: "totp", totpCode, emailOrUsername: "admin" });
  await note('login({method: "totp"})', { "<code>": totpCode });
  await Userfront.login({ method: "totp", backupCode: process.env.ADMIN_BACKUP_CODE, emailOrUsername: "admin" });
  await note('login({method: "totp", backupCode})');
}

async function bySecondFactor() {
  const firstFactor = async (username) => {
    // Forgets the last first-factor token, which the client itself does not.
    begin("mfa01234", "test");
    await Userfront.login({ method: "password", username, password, options });
  };
  await firstFactor("member");
  await note('login({method: "password"}), second factor wanted');
  const sent = await Userfront.sendVerificationCode({ channel: "sms" });
  await note('sendVerificationCode({channel: "sms"}), second factor');
  const { verificationCode } = sent.result;
  await Userfront.login({ method: "verificationCode", channel: "sms", verificationCode });
  await note('login({method: "verificationCode"}), second factor', { "<code>": verificationCode });
  await Userfront.login({ method: "password", username: "member", password, options }).catch(() => {});
  await note('login({method: "password"}), after a second factor');

  await firstFactor("viewer");
  await skip();
  const { totpSecret } = await Userfront.user.getTotp();
  await note("user.getTotp(), second factor");
  let totpCode = totp(totpSecret);
  await Userfront.login({ method: "totp", totpCode });
  await note('login({method: "totp"}), second factor set up', { "<code>": totpCode });

  await firstFactor("admin");
  await skip();
  totpCode = totp(process.env.ADMIN_TOTP_SECRET);
  await Userfront.login({ method: "totp", totpCode });
  await note('login({method: "totp"}), second factor', { "<code>": totpCode });
  await firstFactor("admin");
  await skip();
  await Userfront.login({ method: "totp", backupCode: process.env.ADMIN_BACKUP_CODE });
  await note('login({method: "totp", backupCode}), second factor');
}

async function byProvider() {
  for (const method of ["apple", "azure", "facebook", "github", "google", "linkedin", "okta"]) {
    await Userfront.login({ method, redirect: "/back å?a=b&c#d" });
    await note(`login({method: "${method}"})`);
  }
  await Userfront.login({ method: "custom", providerId: "acme login/名", redirect: "/" });
  await note('login({method: "custom"})');
  await Userfront.login({ method: "google" });
  await note('login({method: "google"}), without a redirect');
}

async function withSaml() {
  const tokenOf = () => new URL(browser.visited.at(-1)).searchParams.get("token");
  await Userfront.login({ method: "password", username: "member", password, options });
  await note('login({method: "password"}), live mode');
  await Userfront.login({ method: "saml" });
  await note('login({method: "saml"})', { "<token>": tokenOf() });
  await Userfront.logout({ method: "saml" });
  await note('logout({method: "saml"})', { "<token>": tokenOf() });
}

begin("demo1234", "test", {});
await Userfront.setMode();
await note("setMode(), without a domain");
begin("demo1234", "test");
await Userfront.setMode();
await note("setMode()");
await throughASession();
await Userfront.signup({ method: "password", username: "nya", name: "Nya 名", email: "nya@example.com", password });
await note('signup({method: "password"})');
await byLink();
await byCode();
await bySecondFactor();
begin("sso01234", "test");
await byProvider();
begin("demo1234", "live");
await withSaml();
browser.close();
console.log(JSON.stringify(done));
