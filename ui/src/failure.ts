// What went wrong, as the window shows it.

import type { ErrorCode } from "./bindings/ErrorCode";
import type { IpcError } from "./bindings/IpcError";

const codes: Record<ErrorCode, true> = {
  tenantId: true,
  apiUrl: true,
  domain: true,
  credentials: true,
  code: true,
  link: true,
  email: true,
  phone: true,
  username: true,
  newPassword: true,
  customData: true,
  image: true,
  keyringLocked: true,
  keyringNotAllowed: true,
  noKeyring: true,
  keyringHung: true,
  keyringUnavailable: true,
  apiUnknown: true,
  sessionEnded: true,
  foreignSignIn: true,
  failed: true,
};

const isIpcError = (thrown: unknown): thrown is IpcError =>
  typeof thrown === "object" &&
  thrown !== null &&
  "code" in thrown &&
  typeof thrown.code === "string" &&
  Object.hasOwn(codes, thrown.code) &&
  "cause" in thrown &&
  "context" in thrown;

/** What a command rejected with. What is no `IpcError` comes from the bridge itself, and is our own fault. */
export function toIpcError(thrown: unknown): IpcError {
  if (isIpcError(thrown)) return thrown;
  const other = typeof thrown === "string" ? thrown : (JSON.stringify(thrown) ?? String(thrown));
  const detail = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : other;
  return { code: "failed", cause: { kind: "internal" }, context: [], detail, retryAfter: null };
}
