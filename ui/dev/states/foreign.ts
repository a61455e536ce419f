// Foreign entries.

import type { ForeignRow } from "../../src/bindings/ForeignRow";
import type { Snapshot } from "../../src/bindings/Snapshot";
import { account, showAccount, showAccounts } from "./accounts";
import { askPassword, askTenant } from "./log-in";

/** A sign-in that is not in this list. */
export const foreign = (change: Partial<ForeignRow> = {}): ForeignRow => ({
  entry: account().keyringEntries[0] ?? "",
  entries: account().keyringEntries,
  tenantId: "demo1234",
  userUuid: "99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001",
  mode: "test",
  host: "api.userfront.com",
  isLeft: false,
  ...change,
});

const live = foreign({
  entry: "access.nord5678:0b1f0e64-1f6b-4a55-9b0a-3f6c2d1e8a77@live.auth.nordlicht.example:8443",
  entries: ["access.nord5678:0b1f0e64-1f6b-4a55-9b0a-3f6c2d1e8a77@live.auth.nordlicht.example:8443"],
  tenantId: "nord5678",
  userUuid: "0b1f0e64-1f6b-4a55-9b0a-3f6c2d1e8a77",
  mode: "live",
  host: "auth.nordlicht.example:8443",
});

/** An entry whose name says nothing. */
export const unknownForm = foreign({
  entry: "backup-of-an-old-name",
  entries: ["backup-of-an-old-name"],
  tenantId: null,
  userUuid: null,
  mode: null,
  host: null,
});

const older = foreign({
  entry: "superseded.demo1234:3f6c2d1e@test.api.userfront.com",
  entries: ["superseded.demo1234:3f6c2d1e@test.api.userfront.com"],
  userUuid: null,
});

export const foreignStates: Record<string, Snapshot> = {
  foreign: askTenant({ foreign: [foreign()] }),
  "foreign-live": askPassword({ foreign: [live] }),
  "foreign-many": showAccount(undefined, {
    foreign: [live, foreign({ entry: "access.other", entries: ["access.other"] }), unknownForm],
  }),
  "foreign-unknown": showAccount(undefined, { foreign: [unknownForm] }),
  "foreign-left": showAccount(undefined, { foreign: [foreign({ isLeft: true })] }),
  "foreign-elsewhere": showAccount(undefined, {
    elsewhere: foreign().entries.map((entry) => ({
      service: "desktop.userfront.accounts.0123456789ab",
      entry,
    })),
  }),
  "foreign-older": showAccount(undefined, { foreign: [older] }),
  "foreign-some-left": showAccounts(undefined, { foreign: [live, { ...unknownForm, isLeft: true }] }),
};
