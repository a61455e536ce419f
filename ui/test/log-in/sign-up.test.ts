// Becoming a user, and what a forgotten password leads to.

import { describe, expect, it } from "vitest";
import { askPassword, askStep, errors, everyFactor, first } from "../../dev/states";
import { shownFactors, signUpWay, signUpWays } from "../../src/model/factor";
import { errorText } from "../../src/words";
import { fake } from "../support/fake-ipc";
import { about, all, become, find, focused, get, open, rest, value } from "../support/window";

const live = { mode: "live" } as const;

describe("signing up", () => {
  it("is offered by the way that fits the shown factor, and only by ways to log in", async () => {
    const user = await open(askStep(first("verificationCode", "sms")));
    await user.click(get("show-sign-up"));
    expect(fake.showSignUp.mock.calls).toEqual([["smsCode"]]);
    await become(
      askStep(first("google", "email"), {
        tenantId: "t2",
        firstFactors: everyFactor.filter((it) => it.strategy === "google"),
      }),
    );
    expect(find("show-sign-up")).toBeNull();
  });

  it.each([
    ["password", "email", "mira@nordlicht.example"],
    ["link", "email", "mira@nordlicht.example"],
    ["emailCode", "email", "mira@nordlicht.example"],
    ["smsCode", "phone-number", "+358401234567"],
  ] as const)("by %s sends what was typed", async (way, field, address) => {
    const user = await open(askStep({ kind: "signUp", way }));
    expect(focused()).toBe("name");
    await user.keyboard("Mira Ölund");
    await user.type(get("username"), "mira");
    await user.type(get(field), address);
    if (way === "password") await user.type(get("password"), "correct horse 1");
    else expect(find("password")).toBeNull();
    await user.keyboard("{Enter}");
    await rest();
    if (way === "password") {
      expect(fake.signUp.mock.calls).toEqual([["Mira Ölund", "mira", address, "correct horse 1"]]);
      expect(value("password")).toBe("");
    } else {
      expect(fake.signUpWith.mock.calls).toEqual([[way, "Mira Ölund", "mira", address]]);
    }
  });

  it("keeps the typed text when the way is changed", async () => {
    const user = await open(askStep({ kind: "signUp", way: "password" }));
    await user.type(get("name"), "Mira");
    await user.type(get("email"), "mira@nordlicht.example");
    await user.click(all("sign-up-way").find((it) => it.dataset.way === "link") as HTMLElement);
    expect(fake.showSignUp.mock.calls).toEqual([["link"]]);
    await become(askStep({ kind: "signUp", way: "link" }));
    expect([value("name"), value("email"), focused()]).toEqual([
      "Mira",
      "mira@nordlicht.example",
      "sign-up-way",
    ]);
    expect(all("sign-up-way").map((it) => it.getAttribute("aria-pressed"))).toEqual([
      "false",
      "true",
      "false",
      "false",
    ]);
  });

  it.each([
    ["email", "email"],
    ["username", "username"],
    ["newPassword", "password"],
  ] as const)("marks and focuses the field of %s", async (error, field) => {
    fake.signUp.mockRejectedValue(errors[error]);
    const user = await open(askStep({ kind: "signUp", way: "password" }));
    await user.type(get("email"), "mira");
    await user.type(get("password"), "weak{Enter}");
    await rest();
    expect([focused(), get(field).getAttribute("aria-invalid")]).toEqual([field, "true"]);
    expect(about(field)).toContain(errorText(errors[error]));
    expect(all("error")).toHaveLength(1);
    await user.keyboard("x");
    await rest();
    expect(find("error")).toBeNull();
  });

  it.each([
    ["password", "email", "Type your e-mail address or a user name, then sign up."],
    ["link", "email", "Type your e-mail address, then sign up."],
    ["smsCode", "phone-number", "Type your phone number, then sign up."],
  ] as const)("by %s asks for what is missing instead of sending it", async (way, field, words) => {
    const user = await open(askStep({ kind: "signUp", way }));
    await user.click(get("sign-up"));
    await rest();
    expect([focused(), about(field).includes(words)]).toEqual([field, true]);
    if (way !== "password") return;
    await user.type(get("username"), "mira{Enter}");
    await rest();
    expect(about("password")).toContain("Choose a password, then sign up.");
    expect(fake.signUp).not.toHaveBeenCalled();
  });

  it("shows the rule during typing, and enforces nothing", async () => {
    const user = await open(askStep({ kind: "signUp", way: "password" }, live));
    await user.type(get("email"), "mira@nordlicht.example");
    await user.type(get("password"), "short");
    expect(get("password-rule").dataset.met).toBe("false");
    expect(about("password")).toContain("At least 16 characters");
    await user.keyboard("{Enter}");
    await rest();
    expect(fake.signUp).toHaveBeenCalledTimes(1);
  });
});

describe("a forgotten password", () => {
  it("begins at the password form, with the known address", async () => {
    const user = await open(askPassword());
    await user.click(get("forgot-password"));
    expect(fake.showForgottenPassword).toHaveBeenCalledTimes(1);
    await become(askStep({ kind: "forgottenPassword" }, {}, {}, "admin@example.com"));
    expect([focused(), value("email")]).toEqual(["email", "admin@example.com"]);
    await user.click(get("send-link"));
    expect(fake.sendResetLink.mock.calls).toEqual([["admin@example.com"]]);
  });

  it("ends with a new password, which the server may refuse", async () => {
    fake.resetPassword.mockRejectedValueOnce(errors.newPassword);
    const user = await open(askStep({ kind: "newPassword" }));
    expect(focused()).toBe("new-password");
    expect(get("new-password").getAttribute("autocomplete")).toBe("new-password");
    await user.keyboard("weak{Enter}");
    await rest();
    expect(about("new-password")).toContain("A password has at least 16 characters");
    expect(focused()).toBe("new-password");
    await user.keyboard("er{Enter}");
    await rest();
    expect(fake.resetPassword.mock.calls).toEqual([["weak"], ["weaker"]]);
    expect(value("new-password")).toBe("");
    expect(document.documentElement.outerHTML).not.toContain("weaker");
  });
});

describe("a tenant's factors", () => {
  it("decide the ways to sign up", () => {
    expect(signUpWays(everyFactor)).toEqual(["password", "link", "emailCode", "smsCode"]);
    expect(signUpWays(everyFactor.filter((it) => it.strategy === "link"))).toEqual(["link"]);
    expect(signUpWays(everyFactor.map((it) => ({ ...it, available: false })))).toEqual([]);
    expect(signUpWay(everyFactor, { strategy: "google", channel: "google" })).toBe("password");
  });

  it("show no form for a factor that is not offered", () => {
    expect(shownFactors(everyFactor, first("passkey", "device"))).toEqual([]);
    expect(shownFactors(everyFactor.slice(2), first("password", "email"))).toEqual([]);
    expect(shownFactors(everyFactor, first("toString", "constructor"))).toEqual([]);
  });
});
