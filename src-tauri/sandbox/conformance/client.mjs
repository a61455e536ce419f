// What the conformance tests share: the official client in a browser of its own, and the sandbox's control
// calls.

import assert from "node:assert/strict";
import { openBrowser } from "./browser.mjs";

/** `http://127.0.0.1:PORT/v0/`. */
export const baseUrl = process.env.SANDBOX_URL ?? process.argv[2];
assert.ok(baseUrl, "set SANDBOX_URL to the address that userfront-sandbox prints");
const control = new URL("/_sandbox/", baseUrl);

/** A call of `/_sandbox`, answered with JSON. */
export async function sandbox(method, path, body) {
  const response = await fetch(new URL(path, control), { method, body: body && JSON.stringify(body) });
  assert.equal(response.status, 200, `${method} ${path}`);
  return response.json();
}

/** The last mail or SMS. */
export async function lastSent() {
  return (await sandbox("GET", "outbox")).at(-1);
}

/** `{token, uuid, linkType}` of a link. */
export function linkParts(link) {
  const query = new URL(link).searchParams;
  return { token: query.get("token"), uuid: query.get("uuid"), linkType: query.get("type") ?? undefined };
}

/** Opens a browser at `pageUrl` and the official client in it, which is one a process. */
export async function openClient(tenantId, pageUrl) {
  await sandbox("POST", "reset");
  const browser = openBrowser(pageUrl);
  const client = await import("@userfront/core");
  const Userfront = client.default?.default ?? client.default;
  Userfront.init(tenantId, { baseUrl });
  return { browser, Userfront };
}

/** Text and data that have to come back as they were sent. */
export const difficult = {
  name: "Åsa \u202e名倉\u202c عائشة שלום 🌻",
  username: "ny-åsa-名",
  data: { long: "å".repeat(2048), null: null, nested: { list: [1, "🌻", null] } },
};
