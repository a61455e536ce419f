// Accounts of every kind, one of them open or all of them listed.

import type { AccountRow } from "../../src/bindings/AccountRow";
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
/** Of one name and one tenant. */
export const twins = ["one", "two"].map((id) =>
  account({ id, email: `${id}@example.com`, toldApartBy: [`${id}@example.com`], health: "expired" }),
);
export const many = [account(), mira, support, sakura];

/** The account view, of the first account. */
export const showAccount = (accounts: AccountRow[] = [account()], change: Partial<Snapshot> = {}): Snapshot =>
  shot({ view: { name: "account", id: accounts[0]?.id ?? "" }, accounts, ...change });

/** The accounts view. */
export const showAccounts = (accounts: AccountRow[] = many, change: Partial<Snapshot> = {}): Snapshot =>
  shot({ view: { name: "accounts" }, accounts, ...change });

export const accountStates: Record<string, Snapshot> = {
  account: showAccount(),
  "account-doubled": showAccount([doubled]),
  "account-picture": showAccount([mira]),
  "account-live": showAccount([account({ mode: "live", email: null, username: null, roles: [] })]),
  "account-twins": showAccount(twins),
  "account-many": showAccount(many),
  "account-long": showAccount([long, layla, account()]),
  "account-rtl": showAccount([layla]),
  "account-expired": showAccount([support]),
  "account-ended": showAccount([sakura, account()]),
  "account-logging-in": showAccount([account({ health: "loggingIn" })]),
  "account-logging-out": showAccount([account({ health: "loggingOut" })], {
    inProgress: [{ kind: "loggingOut", account: account().id }],
  }),
  accounts: showAccounts(),
  "accounts-one": showAccounts([account()]),
  "accounts-none": showAccounts([]),
  "accounts-logging-out": showAccounts([{ ...mira, health: "loggingOut" }, support], {
    inProgress: [{ kind: "loggingOut", account: "mira" }],
  }),
  "account-refreshing": showAccount(undefined, {
    inProgress: [{ kind: "refreshing", account: account().id }],
  }),
  "account-tokens-missing": showAccount([account({ health: "tokensMissing" })]),
};

/** More than fits in any window. */
export const threeHundred = Array.from({ length: 300 }, (_, index) =>
  account({ id: `a${index}`, name: `Account ${index + 1}` }),
);
