// The session of the account that is shown.

import { describe, expect, it } from "vitest";
import { account, admin, errors, shot, showAccount, state } from "../../dev/states";
import { fake } from "../support/fake-ipc";
import { all, become, find, get, open, rest } from "../support/window";

describe("the session", () => {
  it("is refreshed once per click, and stays busy as long as Rust says", async () => {
    const user = await open(showAccount());
    await user.click(get("refresh"));
    expect(fake.refresh.mock.calls).toEqual([[admin.id]]);
    await become(state("account-refreshing"));
    expect(get("refresh").getAttribute("aria-busy")).toBe("true");
    await user.click(get("refresh"));
    expect(fake.refresh).toHaveBeenCalledTimes(1);
    await become(showAccount(undefined, { inProgress: [{ kind: "refreshing", account: "another" }] }));
    expect(get("refresh").getAttribute("aria-busy")).toBe("false");
  });

  it("has Rust copy its access token, unless the setting is off", async () => {
    const user = await open(showAccount());
    await user.click(get("copy-token"));
    expect(fake.copyToken.mock.calls).toEqual([[admin.id]]);
    await become(state("token-copied"));
    expect(get("notice").textContent).toContain("copied. The clipboard is cleared after 30 s.");
    expect(get("status").textContent).toMatch(/copied\. .* a program that has it can act as this user\.$/);
    await become(showAccount(undefined, { settings: { ...shot().settings, copyToken: false } }));
    expect(find("copy-token")).toBeNull();
    await become(showAccount([account({ health: "signedOutByServer" })]));
    expect(find("copy-token")).toBeNull();
  });

  it("shows why a refresh failed", async () => {
    fake.refresh.mockRejectedValueOnce(errors.failed);
    const user = await open(showAccount());
    await user.click(get("refresh"));
    await rest();
    expect(all("error")).toHaveLength(1);
  });

  it.each(["signedOutByServer", "tokensMissing", "ended", "expired"] as const)(
    "of an account that is %s leads to its log-in with one click",
    async (health) => {
      const user = await open(showAccount([account({ health })]));
      await user.click(get("log-in-again"));
      expect(fake.logInAgain.mock.calls).toEqual([[admin.id]]);
      expect(find("refresh") !== null).toBe(health === "expired");
    },
  );
});
