// A link that came and was not asked for.

import type { ArrivedLink } from "../../src/bindings/ArrivedLink";
import type { Snapshot } from "../../src/bindings/Snapshot";
import { many, showAccount } from "./accounts";
import { askPassword, askTenant } from "./log-in";
import { veryLong } from "./log-in-steps";

export const arrived = (change: Partial<ArrivedLink> = {}): ArrivedLink => ({
  id: 1,
  purpose: "logIn",
  accountName: "Mira Ölund",
  tenantId: "nord5678",
  apiHost: "api.userfront.com",
  askedEmail: null,
  otherSite: null,
  ...change,
});

export const arrivedLinkStates: Record<string, Snapshot> = {
  "arrived-link": showAccount(many, { arrivedLink: arrived() }),
  "arrived-link-other": askTenant({
    arrivedLink: arrived({
      purpose: "reset",
      accountName: null,
      apiHost: "login.acme.example:8443",
      otherSite: "evil.example",
    }),
  }),
  "arrived-link-invite": askTenant({ arrivedLink: arrived({ purpose: "invite", accountName: null }) }),
  "arrived-link-verify": showAccount(many, { arrivedLink: arrived({ purpose: "verify" }) }),
  "arrived-link-late": askTenant({
    arrivedLink: arrived({ accountName: null, askedEmail: "mira@example.com" }),
  }),
  "arrived-link-long": askPassword({
    arrivedLink: arrived({
      purpose: "signUp",
      accountName: veryLong,
      askedEmail: veryLong,
      otherSite: `${"a".repeat(60)}.example`,
    }),
  }),
};
