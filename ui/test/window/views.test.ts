// The views beside login and account: accounts, activity, settings, and the ways to them and back.

import { describe, expect, it } from "vitest";
import {
  account,
  askPassword,
  errors,
  lines,
  shot,
  showAccount,
  showAccounts,
  showActivity,
  state,
  states,
} from "../../dev/states";
import { fake } from "../support/fake-ipc";
import { all, become, find, get, open, rest } from "../support/window";

const text = (element: HTMLElement | undefined): string =>
  element?.textContent?.replace(/\s+/g, " ").trim() ?? "";
const mira = account({ id: "mira", name: "Mira Ölund" });
const settings = (verifyRevocation: boolean) =>
  shot({ view: { name: "settings" }, settings: { ...shot().settings, verifyRevocation } });

describe("the footer's links", () => {
  it.each([
    ["show-accounts", fake.showAccounts],
    ["show-activity", fake.showActivity],
    ["show-settings", fake.showSettings],
  ])("%s leads there from account and login view", async (testid, command) => {
    const user = await open(showAccount());
    await user.click(get(testid));
    await rest();
    await become(askPassword());
    await user.click(get(testid));
    expect(command).toHaveBeenCalledTimes(2);
  });

  it("are hidden at the start, and the link to the present view does nothing", async () => {
    const user = await open(shot());
    expect(find("show-activity")).toBeNull();
    await become(showActivity());
    expect(get("show-activity").getAttribute("aria-current")).toBe("page");
    await user.click(get("show-activity"));
    expect(fake.showActivity).not.toHaveBeenCalled();
  });

  it.each([
    ["accounts-view", showAccounts()],
    ["activity-view", showActivity()],
    ["settings-view", settings(false)],
  ])("%s has a heading with the focus, and a way back, on Escape too", async (view, snapshot) => {
    const user = await open(showAccount());
    await become(snapshot);
    expect(get(view).querySelector("h1")).toBe(document.activeElement);
    await user.click(get("leave-view"));
    await rest();
    await user.keyboard("{Escape}");
    expect(fake.leaveView).toHaveBeenCalledTimes(2);
  });
});

describe("the accounts view", () => {
  it("lists every account with a switch and a log-out that stays on the list", async () => {
    const user = await open(showAccounts([account(), mira]));
    expect(all("account-row").map((row) => row.dataset.account)).toEqual([account().id, "mira"]);
    await user.click(all("switch-account")[1] as HTMLElement);
    expect(fake.switchAccount.mock.calls).toEqual([["mira"]]);
    const out = all("log-out")[1] as HTMLElement;
    expect(out.getAttribute("aria-label")).toBe("Log out of Mira Ölund, Demo Workspace");
    await user.click(out);
    expect(fake.logOut.mock.calls).toEqual([["mira", false]]);
    await user.click(get("add-account"));
    expect(fake.addAccount).toHaveBeenCalledTimes(1);
  });

  it("logs out of all after asking, and Escape answers no without leaving the view", async () => {
    const user = await open(showAccounts([account(), mira]));
    await user.click(get("log-out-all"));
    expect(text(get("dialog"))).toContain("Mira Ölund");
    await user.keyboard("{Escape}");
    expect(fake.leaveView).not.toHaveBeenCalled();
    await user.click(get("cancel"));
    await rest();
    expect(fake.logOutAll).not.toHaveBeenCalled();
    await user.click(get("log-out-all"));
    await user.click(get("log-out-all-confirm"));
    expect(fake.logOutAll).toHaveBeenCalledTimes(1);
  });

  it("logs out of the only one without asking", async () => {
    const user = await open(showAccounts([account()]));
    await user.click(get("log-out-all"));
    expect(find("dialog")).toBeNull();
    expect(fake.logOut.mock.calls).toEqual([[account().id, false]]);
  });

  it("does not count accounts that are logging out", async () => {
    const user = await open(showAccounts([account(), { ...mira, health: "loggingOut" }]));
    await user.click(get("log-out-all"));
    expect(find("dialog")).toBeNull();
    expect(fake.logOut.mock.calls).toEqual([[account().id, false]]);
    await become(showAccounts([{ ...mira, health: "loggingOut" }]));
    expect(find("log-out-all")).toBeNull();
  });

  it("its log-out of all is busy while any account is logging out", async () => {
    const user = await open(
      showAccounts([account(), mira], { inProgress: [{ kind: "loggingOut", account: "mira" }] }),
    );
    expect(get("log-out-all").getAttribute("aria-busy")).toBe("true");
    expect(all("log-out").map((it) => it.getAttribute("aria-busy"))).toEqual(["false", "true"]);
    await user.click(get("log-out-all"));
    expect(find("dialog")).toBeNull();
  });

  it("says if no account is logged in", async () => {
    await open(showAccounts([]));
    expect(text(get("accounts-view"))).toContain("Nobody is logged in on this computer.");
    expect(find("log-out-all")).toBeNull();
    expect(get("add-account")).toBeTruthy();
  });

  it("offers no second log-out for an account that waits for one", async () => {
    await open(states["accounts-everything"] ?? showAccounts());
    const row = all("account-row").find((it) => it.dataset.health === "loggingOut");
    expect(text(row)).toContain("Waiting to log out");
    expect(row?.querySelector("[data-testid=log-out]")).toBeNull();
  });
});

describe("the activity view", () => {
  it("shows time, account, action, result, token and program", async () => {
    await open(showActivity());
    expect(all("activity-line")).toHaveLength(lines.length);
    const [first, second, third] = all("activity-line");
    expect(text(first)).toMatch(
      /^Logged out · Admin User \w+, \d\d:\d\d Userfront ended the session\. demo1234 · token 9f86d081 · by this app$/,
    );
    expect(first?.querySelector("time")?.title).toMatch(/\w+,? \d+ \w+ \d{4}/);
    expect(first?.querySelector("code")?.textContent).toBe("9f86d081");
    expect(text(second)).toContain("by the command line");
    expect(third?.querySelector("code")).toBeNull();
  });

  it("marks a bad result in words", async () => {
    await open(showActivity());
    expect(all("activity-line").map((it) => text(it).startsWith("Asks for attention:"))).toEqual(
      lines.map((line) => line.isBad),
    );
  });

  it("is exported, and shows the file", async () => {
    const user = await open(showActivity());
    await user.click(get("export-activity"));
    expect(fake.exportActivity).toHaveBeenCalledTimes(1);
    await become(states["activity-exported"] ?? showActivity());
    expect(text(get("notice"))).toContain("/home/admin/Downloads/userfront-activity-2026-11-22.json");
    expect(get("status").textContent).toContain("/home/admin/Downloads/userfront-activity-2026-11-22.json");
  });

  it("says if it is empty or cannot be read", async () => {
    await open(showActivity([]));
    expect(get("activity-empty").textContent).toContain("Nothing has been done yet.");
    expect(find("export-activity")).toBeNull();
    await become(showActivity([], {}, { kind: "fileUnreadable", file: "activity.jsonl" }));
    expect(find("activity-empty")).toBeNull();
    expect(get("activity-problem").textContent).toContain(
      "activity.jsonl cannot be read. Check the data folder",
    );
  });
});

describe("the settings view", () => {
  it("shows the state in Rust and asks Rust to change it", async () => {
    const user = await open(settings(false));
    const checked = (): string | null => get("setting-verify-revocation").getAttribute("aria-checked");
    expect(checked()).toBe("false");
    await user.click(get("setting-verify-revocation"));
    await rest();
    expect(fake.setSettings.mock.calls).toEqual([[{ verifyRevocation: true }]]);
    expect(checked()).toBe("false");
    await become(settings(true));
    expect(checked()).toBe("true");
    await user.click(get("setting-verify-revocation"));
    expect(fake.setSettings.mock.calls).toEqual([
      [{ verifyRevocation: true }],
      [{ verifyRevocation: false }],
    ]);
  });

  it("chooses one of a few values", async () => {
    const user = await open(settings(false));
    expect((get("setting-theme-system") as HTMLInputElement).checked).toBe(true);
    await user.click(get("setting-theme-dark"));
    expect(fake.setSettings.mock.calls).toEqual([[{ theme: "dark" }]]);
  });

  it("says why a setting does nothing without a tray", async () => {
    const user = await open(state("settings-without-tray"));
    for (const testid of ["setting-close-to-tray", "setting-start-at-login"]) {
      const about = get(testid).getAttribute("aria-describedby") ?? "";
      expect(document.getElementById(about)?.textContent).toContain("This desktop shows no tray.");
      await user.click(get(testid));
      await rest();
    }
    // What is on can be turned off; what is off cannot be turned on.
    expect(fake.setSettings.mock.calls).toEqual([[{ closeToTray: false }]]);
  });

  it("says on another system what this app does not do there, and nothing of this desktop", async () => {
    await open(state("settings-on-another-system"));
    const about = (name: string): string =>
      text(
        document.getElementById(get(`setting-${name}`).getAttribute("aria-describedby") ?? "") ?? undefined,
      );
    expect(about("tray")).toBe("This app has no tray on this system yet.");
    for (const name of ["close-to-tray", "start-at-login"])
      expect(about(name)).toMatch(/^This app has no tray on this system yet\./);
    for (const name of ["session-ended", "ends-soon", "revocations"])
      expect(about(`notify-${name}`)).toMatch(/^This app shows no notifications on this system yet\./);
    expect(about("hide-when-idle")).toMatch(/^This app does not notice on this system when you are away\./);
  });

  it("lets a tray that is turned off be turned on", async () => {
    const snapshot = state("settings-without-tray");
    const off = { ...snapshot.settings, tray: false };
    const missing = { ...snapshot.missing, tray: "turnedOff" as const };
    const user = await open({ ...snapshot, settings: off, missing });
    await user.click(get("setting-tray"));
    expect(fake.setSettings.mock.calls).toEqual([[{ tray: true }]]);
    expect(text(get("settings-view"))).toContain("The tray is turned off.");
  });

  it("explains the setting", async () => {
    await open(settings(false));
    const about = get("setting-verify-revocation").getAttribute("aria-describedby") ?? "";
    const words = document.getElementById(about)?.textContent?.replace(/\s+/g, " ");
    for (const word of [
      "up to three calls",
      "tries to renew the session",
      "listed and ended again",
      "until when",
    ]) {
      expect(words).toContain(word);
    }
  });
});

describe("the cover", () => {
  it("shows nothing of what was shown and said, and shows it again when asked", async () => {
    const user = await open(showAccounts([account(), mira]));
    await become(showAccount([mira]));
    expect(text(get("status"))).toContain("Mira");
    await become(state("covered"));
    expect(document.body.innerHTML).not.toMatch(/Mira|Alva|demo1234/);
    expect(text(get("status"))).toBe("Your accounts are hidden");
    for (const gone of ["account-list", "account-search", "show-settings"]) expect(find(gone)).toBeNull();
    expect(document.activeElement).toBe(get("covered-view").querySelector("h1"));
    await user.keyboard("{Enter} {F5}");
    expect(fake.uncover).not.toHaveBeenCalled();
    await user.click(get("uncover"));
    expect(fake.uncover).toHaveBeenCalledTimes(1);
    await become(showAccount([mira]));
    expect(text(get("status"))).toBe("Showing Mira Ölund.");
  });

  it("keeps what failed behind it", async () => {
    const user = await open(askPassword());
    let fail = (): void => {};
    fake.logIn.mockReturnValue(new Promise((_, reject) => (fail = () => reject(errors.credentials))));
    await user.type(get("email-or-username"), "admin");
    await user.type(get("password"), "hunter2");
    await user.click(get("log-in"));
    await become(state("covered"));
    fail();
    await rest();
    await become(askPassword());
    expect(find("error")).not.toBeNull();
  });
});
