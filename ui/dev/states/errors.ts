// Errors of commands.

import type { ErrorCause } from "../../src/bindings/ErrorCause";
import type { ErrorCode } from "../../src/bindings/ErrorCode";
import type { IpcError } from "../../src/bindings/IpcError";

/** An error of a code. */
export const errorOf = (code: ErrorCode, cause: ErrorCause, change: Partial<IpcError> = {}): IpcError => ({
  code,
  cause,
  context: [],
  detail: null,
  retryAfter: null,
  ...change,
});

const stillLoggedIn: Partial<IpcError> = { context: [{ kind: "stillLoggedIn" }] };
const message = "Somebody has that user name already";

/** The error of the next command, by the name in `?error=`. */
export const errors = {
  tenantId: errorOf("tenantId", { kind: "unknownTenant" }, { detail: "No such tenant" }),
  apiUrl: errorOf("apiUrl", { kind: "apiUrlScheme" }),
  domain: errorOf("domain", { kind: "domainMalformed" }),
  image: errorOf("image", { kind: "pictureAddress" }),
  customData: errorOf("customData", { kind: "notAnObject", line: 2, column: 8 }),
  credentials: errorOf("credentials", { kind: "wrongCredentials" }),
  code: errorOf("code", { kind: "wrongCode" }),
  link: errorOf("link", { kind: "wrongLink" }),
  email: errorOf("email", { kind: "wrongEmail" }),
  phone: errorOf("phone", { kind: "wrongPhone" }),
  username: errorOf("username", { kind: "detailsRefused", message, canBeMended: true }),
  newPassword: errorOf("newPassword", { kind: "weakPassword" }),
  tooMany: errorOf("failed", { kind: "tooManyRequests", seconds: 75 }, { detail: "429", retryAfter: 75 }),
  keyringLocked: errorOf("keyringLocked", { kind: "keyringLocked" }, stillLoggedIn),
  keyringNotAllowed: errorOf("keyringNotAllowed", { kind: "keyringNotAllowed" }, stillLoggedIn),
  noKeyring: errorOf("noKeyring", { kind: "noKeyring" }, stillLoggedIn),
  keyringHung: errorOf("keyringHung", { kind: "keyringHung" }, stillLoggedIn),
  keyringUnavailable: errorOf(
    "keyringUnavailable",
    { kind: "keyringUnavailable" },
    { ...stillLoggedIn, detail: "org.freedesktop.secrets was not provided" },
  ),
  foreignSignIn: errorOf(
    "foreignSignIn",
    {
      kind: "foreignSignIn",
      account: "demo1234:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001@test.api.userfront.com",
    },
    { context: [{ kind: "sessionEnded" }] },
  ),
  failed: errorOf(
    "failed",
    { kind: "unreachable" },
    {
      ...stillLoggedIn,
      detail: "GET auth/logout: error sending request: connection refused (os error 111)",
    },
  ),
} satisfies Record<string, IpcError>;
