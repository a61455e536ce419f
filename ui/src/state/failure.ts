// Errors of commands, as the window keeps them. No other file of the window reads an `IpcError`.

import type { ErrorCode } from "../bindings/ErrorCode";
import type { IpcError } from "../bindings/IpcError";

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

/** The error of a command. Anything but an `IpcError` comes from the bridge and is our own bug. */
export function toIpcError(thrown: unknown): IpcError {
  if (isIpcError(thrown)) return thrown;
  const other = typeof thrown === "string" ? thrown : (JSON.stringify(thrown) ?? String(thrown));
  const detail = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : other;
  return { code: "failed", cause: { kind: "internal" }, context: [], detail, retryAfter: null };
}

/** The part of a failure that comes from the error. */
export interface Cause {
  readonly code: ErrorCode;
  /** What is to be put into words, or the words. */
  readonly error: IpcError | string;
  /** The technical detail. */
  readonly detail: string | null;
  /** The account whose foreign sign-in the log-in would replace. */
  readonly foreignAccount?: string | undefined;
  /** The end of the pause that the server asks for, in seconds. */
  readonly waitUntil: number | null;
}

/** The account whose foreign sign-in the log-in would replace. */
export const foreignAccountOf = ({ cause }: IpcError): string | undefined =>
  cause.kind === "foreignSignIn" ? cause.account : undefined;

/** Reads an exception of a command. */
export function causeOf(thrown: unknown): Cause {
  const error = toIpcError(thrown);
  const { code, detail, retryAfter } = error;
  const waitUntil = typeof retryAfter === "number" ? Date.now() / 1000 + retryAfter : null;
  return { code, error, detail, foreignAccount: foreignAccountOf(error), waitUntil };
}
