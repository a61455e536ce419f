// Every state is accessible and stays within the content security policy.

import { describe, expect, it } from "vitest";
import { errors, states } from "../../dev/states";
import { errorText } from "../../src/words";
import { violations } from "../support/axe";
import { fake } from "../support/fake-ipc";
import { width } from "../support/setup";
import { get, open, rest, text } from "../support/window";

describe.each(Object.entries(states))("%s", (name, snapshot) => {
  // Only the account list is another in a narrow window.
  it.each(snapshot.accounts.length > 1 ? [1000, 380] : [1000])(
    "is accessible at %i px, one home for the focus",
    async (wide) => {
      width.now = wide;
      await open(snapshot);

      const home = document.querySelectorAll("[data-home]");
      expect(home).toHaveLength(1);
      const question = document.querySelector("dialog[open]");
      expect(document.activeElement).toBe(
        question?.querySelector("[data-testid=ignore-link], [data-testid=wait]") ?? home[0],
      );
      expect(document.querySelectorAll("main")).toHaveLength(1);
      expect(document.querySelectorAll("h1")).toHaveLength(1);
      expect(get("status").getAttribute("aria-live")).toBe("polite");
      const view = `${snapshot.view.name}-view`;
      expect(get(view), name).toBeTruthy();
      expect(await violations()).toEqual([]);
    },
  );

  it("keeps within the content security policy and prints no password of test mode", async () => {
    await open(snapshot);
    expect(document.body.querySelectorAll("[style], style, script, iframe")).toHaveLength(0);
    expect(document.body.innerHTML).not.toMatch(/testmodepassword|eyJ[\w-]{8}/);
    expect(document.body.textContent, "a code that was not put into words").not.toMatch(
      /\[object |undefined/,
    );
  });
});

describe.each(Object.entries(errors))("the error %s", (_name, error) => {
  it.each(["tenant-filled", "login"])("is accessible on %s", async (state) => {
    const snapshot = states[state];
    if (!snapshot) throw new Error(`no state ${state}`);
    fake.chooseTenant.mockRejectedValue(error);
    fake.logIn.mockRejectedValue(error);
    const user = await open(snapshot);
    if (state === "login") {
      await user.type(get("email-or-username"), "admin");
      await user.type(get("password"), "hunter2");
    }
    await user.click(get(state === "login" ? "log-in" : "tenant-continue"));
    await rest();
    expect(text("error")).toContain(errorText(error));
    expect(get("error").getAttribute("role")).toBe("alert");
    expect(await violations()).toEqual([]);
  });
});

describe("the questions", () => {
  it.each([
    ["unfinished-hung", ["forget"]],
    ["pending", ["discard-revocation"]],
    ["accounts", ["log-out-all"]],
  ])("of %s are accessible", async (state, clicks) => {
    const snapshot = states[state];
    if (!snapshot) throw new Error(`no state ${state}`);
    const user = await open(snapshot);
    for (const testid of clicks) await user.click(get(testid));
    expect(get("dialog")).toBeTruthy();
    expect(await violations()).toEqual([]);
  });
});
