// Accounts of every kind, one of them open or all of them listed.

import type { AccountRow } from "../../src/bindings/AccountRow";
import type { ActivityLine } from "../../src/bindings/ActivityLine";
import type { Snapshot } from "../../src/bindings/Snapshot";
import { shot } from "./shot";
import { DAY, HOUR, now } from "./time";

export const account = (change: Partial<AccountRow> = {}): AccountRow => ({
  id: "api.userfront.com/test/demo1234/99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001",
  name: "Admin User",
  toldApartBy: [],
  initials: "AU",
  email: "admin@example.com",
  username: "admin",
  userId: 1,
  tenantId: "demo1234",
  tenantName: "Demo Workspace",
  apiHost: "api.userfront.com",
  mode: "test",
  roles: [
    { tenant: "Demo Workspace", roles: ["admin"] },
    { tenant: "Nordlicht Oy", roles: ["viewer"] },
  ],
  health: "ok",
  renews: true,
  sessionEndsAt: now + 29 * DAY + HOUR,
  accessExpiresAt: now + 5 * DAY + HOUR,
  loggedInAt: now - 2 * DAY,
  hasPicture: false,
  pictureVersion: 1,
  keyringEntries: [
    "access.demo1234:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001@test.api.userfront.com",
    "refresh.demo1234:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001@test.api.userfront.com",
  ],
  pinned: false,
  ...change,
});

export const mira = account({
  id: "mira",
  name: "Mira Ölund",
  initials: "MÖ",
  email: "mira@nordlicht.example",
  username: "mira",
  tenantId: "nord5678",
  tenantName: "Nordlicht Oy",
  mode: "live",
  roles: [{ tenant: "Nordlicht Oy", roles: ["owner", "billing"] }],
  hasPicture: true,
});
export const support = account({
  id: "support",
  name: "Support",
  initials: "S",
  email: "support@nordlicht.example",
  tenantId: "nord5678",
  tenantName: "Nordlicht Oy",
  mode: "live",
  health: "expired",
  accessExpiresAt: now - 3 * HOUR,
});
const sakura = account({
  id: "sakura",
  name: "田中 さくら",
  initials: "田",
  email: null,
  username: "sakura",
  tenantId: "acme9012",
  tenantName: "Acme Japan",
  mode: "live",
  roles: [],
  health: "signedOutByServer",
});
export const layla = account({
  id: "layla",
  name: "ليلى الحسن",
  initials: "لا",
  email: "layla@example.org",
  tenantName: "شركة المثال",
  roles: [{ tenant: "شركة المثال", roles: ["مدير", "viewer"] }],
});
export const long = account({
  id: "long",
  name: "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh von und zu Unterwinterberg",
  initials: "WF",
  email: "wolfeschlegelsteinhausenbergerdorff.featherstonehaugh@a-very-long-subdomain.example.com",
  tenantName: "The Most Honourable Society for the Improvement of Very Long Organisation Names",
  roles: [
    {
      tenant: "The Most Honourable Society for the Improvement of Very Long Organisation Names",
      roles: [
        "admin",
        "billing",
        "keeper-of-the-longest-role-name-there-ever-was",
        "viewer",
        "editor",
        "owner",
      ],
    },
  ],
});
/** The server may name a role twice, and two tenants alike. */
export const doubled = account({
  roles: [
    { tenant: "Demo Workspace", roles: ["admin", "admin", "viewer"] },
    { tenant: "Demo Workspace", roles: ["viewer", "viewer"] },
  ],
});
export const admin = account();
/** Of one name and one tenant. */
export const sameName = ["one", "two"].map((id) =>
  account({ id, email: `${id}@example.com`, toldApartBy: [`${id}@example.com`], health: "expired" }),
);
export const many = [account({ pinned: true }), mira, support, sakura];

export const recent: ActivityLine[] = [
  {
    at: now - 2 * HOUR,
    accountName: "Admin User",
    tenantId: "demo1234",
    event: { kind: "loggedIn" },
    isBad: false,
    tokenHash: "0f3a9c41",
    by: "app",
  },
  {
    at: now - DAY,
    accountName: "Admin User",
    tenantId: "demo1234",
    event: { kind: "loggedOut", session: "revoked", stillPresent: 0 },
    isBad: false,
    tokenHash: "77b0e6d2",
    by: "userfront",
  },
];

/** The account view, of the first account. */
export const showAccount = (accounts: AccountRow[] = [account()], change: Partial<Snapshot> = {}): Snapshot =>
  shot({ view: { name: "account", id: accounts[0]?.id ?? "", recent }, accounts, ...change });

/** The accounts view. */
export const showAccounts = (accounts: AccountRow[] = many, change: Partial<Snapshot> = {}): Snapshot =>
  shot({ view: { name: "accounts" }, accounts, ...change });

export const accountStates: Record<string, Snapshot> = {
  account: showAccount(),
  "account-doubled": showAccount([doubled]),
  "account-picture": showAccount([mira]),
  "account-live": showAccount([account({ mode: "live", email: null, username: null, roles: [] })]),
  "account-same-name": showAccount(sameName),
  "account-many": showAccount(many),
  "account-long": showAccount([long, layla, account()]),
  "account-rtl": showAccount([layla]),
  "account-expired": showAccount([support]),
  "account-ended": showAccount([sakura, account()]),
  "account-logging-in": showAccount([account({ health: "loggingIn" })]),
  "account-logging-out": showAccount([account({ health: "loggingOut" })], {
    inProgress: [{ kind: "loggingOut", account: account().id }],
  }),
  quitting: showAccount([account({ health: "loggingOut" })], {
    inProgress: [{ kind: "closing" }, { kind: "loggingOut", account: account().id }],
  }),
  accounts: showAccounts(),
  "accounts-one": showAccounts([account()]),
  "accounts-none": showAccounts([]),
  "accounts-logging-out": showAccounts([{ ...mira, health: "loggingOut" }, support], {
    inProgress: [{ kind: "loggingOut", account: "mira" }],
  }),
  "token-copied": showAccount(undefined, {
    notice: { kind: "tokenCopied", accountName: "Mira Ölund", seconds: 30 },
  }),
  "account-refreshing": showAccount(undefined, {
    inProgress: [{ kind: "refreshing", account: account().id }],
  }),
  "account-tokens-missing": showAccount([account({ health: "tokensMissing" })]),
};

/** Those of one who holds many, in the order of the list. */
export const crowd = (count: number): AccountRow[] =>
  Array.from({ length: count }, (_, nth) => {
    const tenant = Math.floor((nth - 3) / 40);
    const first = account({
      id: `a${nth}`,
      name: `Account ${nth + 1}`,
      email: `account${nth + 1}@example.com`,
      pinned: nth < 3,
      health: nth % 17 === 4 ? "signedOutByServer" : nth % 11 === 5 ? "expired" : "ok",
    });
    return nth < 3
      ? first
      : {
          ...first,
          tenantId: `t${tenant}`,
          tenantName: `Tenant ${tenant}`,
          mode: tenant % 2 ? "live" : "test",
        };
  });

/** More than fits in any window. */
export const threeHundred = crowd(300);
