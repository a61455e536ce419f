// Sentences that users stumbled over, where they are read. Their old words are nowhere.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  account,
  askPassword,
  askStep,
  errorOf,
  first,
  inBrowser,
  linkSent,
  pending,
  secondFactors,
  several,
  showAccount,
  showProfile,
  states,
  threeHundred,
} from "../../dev/states";
import type { LogOutOutcome } from "../../src/bindings/LogOutOutcome";
import type { Snapshot } from "../../src/bindings/Snapshot";
import { loggedOutOfSeveral } from "../../src/words";
import { fake } from "../support/fake-ipc";
import { narrate } from "../support/narrate";
import { all, find, get, open, rest, text } from "../support/window";

const body = (): string => document.body.textContent?.replace(/\s+/g, " ") ?? "";

describe("what is read", () => {
  it.each<[string, Snapshot, string]>([
    [
      "two things go",
      askStep(first("totp", "authenticator"), { foreignHost: "login.acme.example" }),
      "Your name and code go to login.acme.example",
    ],
    [
      "a link of test mode",
      askStep(linkSent({ testLink: "https://example.com/login?token=1&uuid=2" })),
      "Test mode: the link that would be e-mailed to mira@nordlicht.example, to log in with.",
    ],
    ["a second factor", askStep({ kind: "secondFactors", factors: secondFactors }), "Ready to use"],
    [
      "one to set up",
      askStep({ kind: "secondFactors", factors: secondFactors }),
      "Not set up yet. You will set it up now.",
    ],
    [
      "a log-out that is not confirmed",
      states["logged-out-pending"] as Snapshot,
      "Logged out on this computer. Userfront has not confirmed it yet. We keep retrying while the app " +
        "is open.",
    ],
    [
      "tried once",
      askPassword({ pendingRevocations: [pending({ tries: 1, nextTry: 0 })] }),
      "Tried once. Retrying shortly.",
    ],
    ["a session that goes on", showAccount(), "Stays logged in; renewed automatically."],
    [
      "a session that is not renewed",
      showAccount([account({ renews: false })]),
      "Session ends in 29 days Access token expires in 5 days",
    ],
    ["the user's number", showAccount(), "admin (user ID 1)"],
    [
      "no keyring",
      states["keyring-unavailable"] as Snapshot,
      "No keyring is running. Start GNOME Keyring or KDE Wallet.",
    ],
    ["nothing to save", showProfile(), "No changes to save"],
    [
      "a forgotten password",
      askStep({ kind: "forgottenPassword" }),
      "We'll e-mail you a link to reset your password.",
    ],
    ["a browser", askStep(inBrowser({ until: 1 })), "Timed out. Go back and start again."],
  ])("%s", async (_what, snapshot, words) => {
    await open(snapshot);
    expect(body()).toContain(words);
  });

  it("a discard asks whether to stop", async () => {
    const user = await open(askPassword({ pendingRevocations: [pending()] }));
    await user.click(get("discard-revocation"));
    expect(text("dialog")).toContain(
      "Stop trying to end this session? It is the session of Admin User, demo1234",
    );
  });

  it("a session that has ended is said once, with the way to log in again", async () => {
    const user = await open(showAccount([account({ health: "signedOutByServer" })]));
    expect(body().match(/session has ended/g)).toHaveLength(1);
    expect(find("refresh")).toBeNull();
    await user.click(get("log-in-again"));
    expect(fake.logInAgain.mock.calls).toEqual([[account().id]]);
  });

  it("so is one that a command has met", async () => {
    fake.refresh.mockRejectedValue(errorOf("sessionEnded", { kind: "sessionEnded" }));
    const user = await open(showAccount());
    await user.click(get("refresh"));
    await rest();
    expect(get("error").contains(get("log-in-again"))).toBe(true);
    expect(find("retry"), "it would be in vain").toBeNull();
    fake.send(showAccount([account({ health: "signedOutByServer" })]));
    await rest();
    expect(all("log-in-again")).toHaveLength(1);
    expect(find("error")).toBeNull();
  });
});

describe("several log-outs", () => {
  it.each<[LogOutOutcome[], string]>([
    [["ended", "ended"], "2 accounts logged out."],
    [["ended", "alreadyOver", "accepted", "pending"], "3 of 4 accounts logged out; 1 is not confirmed."],
    [
      ["ended", "here", "lost", "stillLoggedIn", "stillLoggedIn"],
      "1 of 5 accounts logged out; 2 are not confirmed; 2 are still logged in.",
    ],
  ])("%j are summed up", (outcomes, words) => {
    expect(loggedOutOfSeveral(several(outcomes).results as never)).toBe(words);
  });

  it("are told with what each came to", async () => {
    await open(states["logged-out-of-several"] as Snapshot);
    expect(all("log-out-result").map((it) => it.textContent?.replace(/\s+/g, " ").trim())).toEqual([
      "Admin User, demo1234: Logged out.",
      "Mira Ölund, demo1234: Logged out on this computer. Userfront has not confirmed it yet.",
      "Support, demo1234: Logged out. Userfront no longer accepts this session’s tokens.",
      "田中 さくら, demo1234: Still logged in. The keyring is locked. Unlock it, then try again.",
      "Admin User, demo1234: Logged out. A token is still in your keyring.",
    ]);
    expect(text("notice")).toContain("3 of 5 accounts logged out; 1 is not confirmed; 1 is still logged in.");
  });

  it("while they are under way are counted, and not read out one by one", () => {
    const leaving = threeHundred.slice(0, 3);
    const work = (count: number) =>
      leaving.slice(0, count).map(({ id }) => ({ kind: "loggingOut", account: id }) as const);
    const at = (count: number) => narrate(null, showAccount(leaving, { inProgress: work(count) }), "");
    expect(at(3)).toBe("Logging out of 3 accounts…");
    expect(at(1)).toBe("Logging out of Account 1…");
  });
});

describe("no source", () => {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(ts|svelte)$/.test(name),
  );

  it("says anew, owed, given up, would hold or on the way to anybody", () => {
    for (const name of sources.filter((name) => !name.startsWith("bindings"))) {
      const code = readFileSync(join("src", name), "utf8")
        .replace(/<!--[\s\S]*?-->|\/\*[\s\S]*?\*\//g, "")
        .replace(/(^|\s)\/\/.*$/gm, "");
      expect(code, name).not.toMatch(/\b(anew|owed|given up|would hold|on the way)\b/);
    }
  });
});
