// The activity.

import type { ActivityLine } from "../../src/bindings/ActivityLine";
import type { Snapshot } from "../../src/bindings/Snapshot";
import { many } from "./accounts";
import { shot } from "./shot";
import { DAY, HOUR, now } from "./time";

const line = (change: Partial<ActivityLine> = {}): ActivityLine => ({
  at: now - 300,
  accountName: "Admin User",
  tenantId: "demo1234",
  what: "Logged out",
  outcome: "The session ended at Userfront, and the tokens were deleted.",
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
    outcome: "Userfront did not answer; the session may still be alive.",
    isBad: true,
    by: "userfront",
  }),
  line({ at: now - DAY, what: "Logged in", outcome: "With a password.", tokenHash: null }),
  line({
    at: now - 3 * DAY,
    accountName: "ليلى الحسن",
    what: "Discarded a pending revocation",
    outcome: "The session may stay alive until it ends by itself.",
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
  problem: string | null = null,
): Snapshot => shot({ view: { name: "activity", lines: of, problem }, accounts: many, ...change });

export const activityStates: Record<string, Snapshot> = {
  activity: showActivity(),
  "activity-empty": showActivity([]),
  "activity-problem": showActivity(
    [],
    {},
    "The file of the activity was written by a newer version of this app. Update it to see what was done.",
  ),
  "activity-exported": showActivity(lines, {
    notice: { kind: "activityExported", path: "/home/admin/Downloads/userfront-activity-2026-11-22.json" },
  }),
};
