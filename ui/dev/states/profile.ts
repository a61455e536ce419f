// *My account*: the user's own details, and what came of changing them.

import type { NewAddress } from "../../src/bindings/NewAddress";
import type { Snapshot } from "../../src/bindings/Snapshot";
import type { TotpSetUp } from "../../src/bindings/TotpSetUp";
import type { UserForm } from "../../src/bindings/UserForm";
import { account, layla, long, mira, showAccount, support } from "./accounts";
import { shot } from "./shot";

/** The user's own details. */
export const userForm = (change: Partial<UserForm> = {}): UserForm => ({
  name: "Admin User",
  username: "admin",
  image: "https://example.com/pictures/admin.png",
  email: "admin@example.com",
  phoneNumber: "+49 30 901820",
  data: '{\n  "team": "Demo",\n  "languages": [\n    "de",\n    "名"\n  ],\n  "beta": true\n}',
  ...change,
});

const noDetails = userForm({ name: "", username: "", image: "", email: "", phoneNumber: "", data: "{}" });

/** An authenticator app that is being set up. */
export const authenticator = (change: Partial<TotpSetUp> = {}): TotpSetUp => ({
  secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
  qrCode:
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAACUAAAAlAQAAAADt5R2uAAAAtklEQVR42mP4DwQ/GDDJD2LzD1QwfL92Pr6C4UvU6UAgGW12EUiGmgLJ75fL71cwfBDVcqgAqveqB6rnv/f7B8PXqKsvgSas2dhZwfAprJXpB8OXW3sSger/8Uz6wfBxM1/0D4ZPTukcPxh+2s06VcHwkSvU5gfDN6HawB8MP3Q8BH4wfP99pR1o5jeTf0AzJQ3tgHovHvoMtDfynjeQjPUrBZoZ26UKFL8bUwNUI/9XBpv7wSQAeOKCBTHUacsAAAAASUVORK5CYII=",
  backupCodes: Array.from({ length: 10 }, (_, index) => `${index}0bb6-9393${(index * 7) % 10}`),
  ...change,
});

/** *My account*, of the first account. */
export const showProfile = (
  user: UserForm | null = userForm(),
  change: Partial<Snapshot> = {},
  totp: TotpSetUp | null = null,
  newAddress: NewAddress | null = null,
): Snapshot => {
  const accounts = change.accounts ?? [account()];
  return shot({
    view: { name: "profile", id: accounts[0]?.id ?? "", user, totp, newAddress },
    accounts,
    ...change,
  });
};

/** A link or a code was sent to a new address. */
export const newAddress = (change: Partial<NewAddress> = {}): NewAddress => ({
  channel: "email",
  address: "new@example.com",
  testLink:
    "http://localhost:3000/login?uuid=99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001&token=5fa85f645fa85f64&type=verify",
  testCode: null,
  resendAt: 0,
  ...change,
});

/** The same for a phone number. */
export const newNumber = (change: Partial<NewAddress> = {}): NewAddress =>
  newAddress({ channel: "sms", address: "+49 30 901821", testLink: null, testCode: "123456", ...change });

export const profileStates: Record<string, Snapshot> = {
  "password-changed": showAccount(undefined, {
    notice: { kind: "passwordChanged", accountName: "Admin User" },
  }),
  "totp-is-set-up": showAccount(undefined, { notice: { kind: "totpIsSetUp", accountName: "Admin User" } }),
  "saml-in-browser": showAccount(undefined, {
    notice: {
      kind: "samlInBrowser",
      address:
        "https://api.userfront.com/v0/auth/saml/idp/login?tenant_id=demo1234&uuid=99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001",
    },
  }),
  profile: showProfile(),
  "profile-asking": showProfile(null, { inProgress: [{ kind: "editingProfile", account: account().id }] }),
  "profile-unanswered": showProfile(null),
  "profile-live": showProfile(
    userForm({ name: mira.name, username: "mira", email: "mira@nordlicht.example" }),
    {
      accounts: [mira, support],
    },
  ),
  "profile-missing": showProfile(noDetails, {
    accounts: [account({ roles: [], email: null, tenantName: null })],
  }),
  "profile-long": showProfile(
    userForm({
      name: long.name.repeat(3),
      username: "w".repeat(256),
      image: `https://example.com/${"a-long-path/".repeat(40)}`,
      email: long.email ?? "",
      data: JSON.stringify({ note: "Ein langer Text. ".repeat(240), key: "k".repeat(120) }, null, 2),
    }),
    { accounts: [long] },
  ),
  "profile-rtl": showProfile(
    userForm({
      name: "ليلى الحسن",
      username: "ليلى",
      email: "layla@example.org",
      phoneNumber: "",
      data: JSON.stringify({ الاسم: "ليلى الحسن", city: "القاهرة", mood: "😀👩‍👩‍👧" }, null, 2),
    }),
    { accounts: [layla] },
  ),
  "profile-wrong-data": showProfile(userForm({ data: '{\n  "team": "Demo",\n  "beta": yes\n}' })),
  "profile-notice": showProfile(undefined, {
    notice: { kind: "profileSaved", accountName: "Admin User", tokensLater: null },
  }),
  "profile-tokens-later": showProfile(undefined, {
    notice: {
      kind: "profileSaved",
      accountName: "Admin User",
      tokensLater: { kind: "timedOut" },
    },
  }),
  "profile-new-email": showProfile(undefined, {}, null, newAddress()),
  "profile-new-email-live": showProfile(undefined, {}, null, newAddress({ testLink: null })),
  "profile-new-number": showProfile(undefined, {}, null, newNumber()),
  "profile-new-number-live": showProfile(noDetails, {}, null, newNumber({ testCode: null })),
  "address-changed": showProfile(undefined, {
    notice: {
      kind: "addressChanged",
      accountName: "Admin User",
      channel: "email",
      address: "new@example.com",
    },
  }),
  "profile-totp": showProfile(undefined, {}, authenticator()),
  "profile-totp-bare": showProfile(undefined, {}, authenticator({ qrCode: null, backupCodes: [] })),
  "profile-gone": showProfile(null, {
    view: { name: "profile", id: "gone", user: null, totp: null, newAddress: null },
  }),
};
