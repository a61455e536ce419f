// Userfront's official client, unchanged, against the sandbox named by SANDBOX_URL
// (`http://127.0.0.1:PORT/v0/`): what the client takes for Userfront's behaviour, the sandbox must have.
//
// Each step asks `/_sandbox/sessions` whether the session lives. The steps build on one another.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { baseUrl, openClient, sandbox } from "./client.mjs";

const tenantId = "demo1234";

let browser;
let Userfront;

async function sessions() {
  return sandbox("GET", "sessions");
}

function claims(token) {
  return JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString("utf8"));
}

async function bare(path, token) {
  const response = await fetch(new URL(path, baseUrl), { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, body: await response.json() };
}

before(async () => {
  ({ browser, Userfront } = await openClient(tenantId, "http://localhost:3000/login"));
});

after(() => browser?.close());

test("the client learns mode and first factors", async () => {
  const { mode, authentication } = await Userfront.setMode();
  assert.equal(mode, "test");
  assert.equal(Userfront.mode.value, "test");
  const factors = authentication.firstFactors.map(({ strategy, channel }) => `${strategy}/${channel}`);
  assert.deepEqual(factors, [
    "password/email",
    "link/email",
    "verificationCode/email",
    "verificationCode/sms",
    "totp/authenticator",
  ]);
});

test("a wrong password is refused with the message for the person", async () => {
  await assert.rejects(
    Userfront.login({ method: "password", email: "member@example.com", password: "wrong", redirect: false }),
    /^Error: Incorrect email or password$/,
  );
  assert.deepEqual(await sessions(), []);
});

test("log in: three tokens, and a session that lives", async () => {
  await Userfront.login({ method: "password", username: "member", password: "testmodepassword" });
  const access = claims(Userfront.tokens.accessToken);
  const [session, ...others] = await sessions();
  assert.deepEqual(others, []);
  assert.deepEqual(session, {
    sessionId: access.sessionId,
    tenantId,
    userUuid: access.userUuid,
    alive: true,
  });
  for (const token of [Userfront.tokens.idToken, Userfront.tokens.refreshToken]) {
    assert.equal(claims(token).sessionId, access.sessionId);
  }
  assert.deepEqual(browser.visited, ["/dashboard"]);
});

test("the user is read from the ID token, letters of every script intact", () => {
  assert.equal(Userfront.user.email, "member@example.com");
  assert.equal(Userfront.user.username, "member");
  assert.equal(Userfront.user.name, "Åsa 名倉 Märta 🌻");
  assert.equal(Userfront.user.hasRole("member"), true);
  assert.equal(Userfront.user.hasRole("admin"), false);
});

test("the client's picture of the user is what the server says", async () => {
  const { status, body } = await bare("self", Userfront.accessToken());
  assert.equal(status, 200);
  for (const field of ["email", "username", "name", "image", "userId", "userUuid", "tenantId", "mode"]) {
    assert.equal(body[field], Userfront.user[field], field);
  }
  assert.equal(body.tenant.name, "Demo Workspace");
  const picture = await fetch(body.image);
  assert.equal(picture.headers.get("content-type"), "image/png");
});

test("the client asks `self` where a logged-in user belongs", async () => {
  browser.visited.length = 0;
  await Userfront.redirectIfLoggedIn();
  assert.deepEqual(browser.visited, ["/dashboard"]);
  const asked = await sandbox("GET", "requests");
  assert.equal(asked.at(-1).path, "/v0/self");
  assert.equal(asked.at(-1).headers["x-userfront-source"], "core-js");
});

test("refresh: new tokens, the same session", async () => {
  const before = Userfront.tokens.accessToken;
  await Userfront.tokens.refresh();
  const after = Userfront.tokens.accessToken;
  assert.notEqual(after, before);
  assert.equal(claims(after).sessionId, claims(before).sessionId);
  assert.equal((await sessions()).length, 1);
  assert.equal((await bare("self", after)).status, 200);
});

test("log out: the session is dead, the page goes where the answer says", async () => {
  const access = Userfront.tokens.accessToken;
  const refresh = Userfront.tokens.refreshToken;
  browser.visited.length = 0;
  globalThis.location.pathname = "/dashboard";
  await Userfront.logout();
  assert.deepEqual(browser.visited, ["/login"]);
  assert.equal(Userfront.accessToken(), undefined);

  const [session, ...others] = await sessions();
  assert.deepEqual(others, []);
  assert.equal(session.alive, false);
  assert.equal((await bare("self", access)).status, 401);
  assert.equal((await bare("auth/refresh", refresh)).status, 401);
  const logouts = (await sandbox("GET", "requests")).filter(({ path }) => path === "/v0/auth/logout");
  assert.deepEqual(
    logouts.map(({ method, headers }) => [method, headers.authorization]),
    [["GET", `Bearer ${access}`]],
  );
});
