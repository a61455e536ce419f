// Authenticator apps.

import { createHmac } from "node:crypto";

/** The secret of `admin` in every tenant. */
export const adminSecret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/** RFC 6238, apart from the sandbox's own. */
export function totpCode(secret, seconds = Math.floor(Date.now() / 1000)) {
  const bits = [...secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter));
  const text = bits.map((five) => five.toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(text.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const digest = createHmac("sha1", key).update(counter).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}
