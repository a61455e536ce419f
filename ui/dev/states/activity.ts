// The activity.

import type { ActivityLine } from "../../src/bindings/ActivityLine";
import type { ErrorCause } from "../../src/bindings/ErrorCause";
import type { Snapshot } from "../../src/bindings/Snapshot";
import { many } from "./accounts";
import { shot } from "./shot";
import { DAY, HOUR, now } from "./time";

const line = (change: Partial<ActivityLine> = {}): ActivityLine => ({
  at: now - 300,
  accountName: "Admin User",
  tenantId: "demo1234",
  event: { kind: "loggedOut", session: "revoked", stillPresent: 0 },
  isBad: false,
  tokenHash: "9f86d081",
  by: "app",
  ...change,
});

/** Lines of every kind. */
export const lines: ActivityLine[] = [
  line(),
  line({
    at: now - 2 * HOUR,
    event: { kind: "loggedOut", session: "pending", stillPresent: 0 },
    isBad: true,
    by: "userfront",
  }),
  line({ at: now - DAY, event: { kind: "loggedIn" }, tokenHash: null }),
  line({
    at: now - 3 * DAY,
    accountName: "ليلى الحسن",
    event: { kind: "discarded" },
    isBad: true,
  }),
  line({
    at: now - 400 * DAY,
    accountName: "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh von und zu Unterwinterberg",
    tenantId: "t".repeat(64),
  }),
];

/** The activity view. */
export const showActivity = (
  of: ActivityLine[] = lines,
  change: Partial<Snapshot> = {},
  problem: ErrorCause | null = null,
): Snapshot => shot({ view: { name: "activity", lines: of, problem }, accounts: many, ...change });

export const activityStates: Record<string, Snapshot> = {
  activity: showActivity(),
  "activity-empty": showActivity([]),
  "activity-problem": showActivity([], {}, { kind: "fileUnreadable", file: "activity.jsonl" }),
  "activity-exported": showActivity(lines, {
    notice: { kind: "activityExported", path: "/home/admin/Downloads/userfront-activity-2026-11-22.json" },
  }),
};
