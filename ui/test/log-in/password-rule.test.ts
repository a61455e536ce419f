// Userfront's rule for passwords, and how it is shown while one types.

import { render, screen } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import PasswordRule from "../../src/components/forms/PasswordRule.svelte";
import { passwordRule } from "../../src/model/password-rule";
import { get, rest } from "../support/window";

describe("the password rule", () => {
  it.each([
    ["", false],
    ["abcdef1", false],
    ["abcdefg1", true],
    ["abcdefgh", false],
    ["12345678", false],
    ["a".repeat(15), false],
    ["a".repeat(16), true],
    ["1".repeat(16), true],
    ["пароль12", true],
    ["密码密码密码密1", true],
    ["😀".repeat(8), false],
    ["😀".repeat(16), true],
  ])("for %j is met: %s", (password, isMet) => {
    expect(passwordRule(password).isMet).toBe(isMet);
  });
});

describe("typing a password", () => {
  const met = (): (string | undefined)[] =>
    [...get("password-rule").querySelectorAll("li.met")].map((it) => it.textContent?.trim());

  it("ticks each half of the rule, and reads out only the whole", async () => {
    const { rerender } = render(PasswordRule, { password: "a" });
    const live = () => get("password-rule").querySelector("[aria-live=polite]");
    expect([met(), live()?.textContent]).toEqual([[], ""]);
    await rerender({ password: "abcdefg1" });
    await rest();
    expect(met()).toEqual(["or at least 8, with a letter and a number"]);
    expect(live()?.textContent).toBe("The password is strong enough.");
    await rerender({ password: "a".repeat(16) });
    expect(met()).toEqual(["At least 16 characters"]);
    await rerender({ password: "" });
    expect([met(), live()?.textContent]).toEqual([[], ""]);
  });

  it("shows test mode's exception only in test mode", async () => {
    const { rerender } = render(PasswordRule, { password: "", testMode: true });
    expect(screen.getByText(/weak test passwords work/)).toBeTruthy();
    await rerender({ testMode: false });
    expect(screen.queryByText(/weak test passwords work/)).toBeNull();
  });
});
