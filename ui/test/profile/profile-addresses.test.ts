// My account: another e-mail address, another phone number.

import { screen } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { admin, errorOf, errors, newAddress, newNumber, showProfile, state } from "../../dev/states";
import { fake } from "../support/fake-ipc";
import {
  about,
  all,
  become,
  find,
  focused,
  get,
  isMarked,
  isOff,
  open,
  rest,
  text,
  value,
} from "../support/window";

const waiting = (address = newAddress()) => showProfile(undefined, {}, null, address);
const heading = () => screen.getByRole("heading", { name: "E-mail address and phone number" });

describe("the e-mail address and the phone number", () => {
  it("are shown, each with Change or Add", async () => {
    await open(showProfile());
    expect(text("profile-addresses")).toContain("admin@example.com");
    expect(text("profile-addresses")).toContain("+49 30 901820");
    expect([text("change-email"), text("change-phone")]).toEqual(["Change", "Change"]);
    expect(screen.getByRole("button", { name: "Change the e-mail address" })).toBe(get("change-email"));
    await become(state("profile-missing"));
    expect([text("change-email"), text("change-phone")]).toEqual(["Add", "Add"]);
    expect(text("profile-addresses")).toContain("None");
  });

  it.each([
    ["email", "email", "email", "new@example.com"],
    ["phone", "phone-number", "sms", "+49 30 901821"],
  ])(
    "something is sent to a new %s, and the focus follows what comes",
    async (of, field, channel, address) => {
      const user = await open(showProfile());
      await user.click(get(`change-${of}`));
      expect(focused()).toBe(field);
      await user.keyboard(` ${address} {Enter}`);
      await rest();
      expect(fake.sendVerification.mock.calls).toEqual([[admin.id, channel, address]]);
      await become(waiting(of === "email" ? newAddress() : newNumber()));
      expect(find(field)).toBeNull();
      expect(document.activeElement).toBe(heading());
      expect(text("profile-addresses")).toContain("replaces your current session with a new one");
    },
  );

  it("ask for an empty field, and refuse the present address", async () => {
    const user = await open(showProfile());
    await user.click(get("change-email"));
    await user.keyboard("{Enter}");
    expect(about("email")).toContain("Type the new e-mail address first.");
    await user.keyboard("admin@example.com{Enter}");
    expect(about("email")).toContain("This is the e-mail address that you have.");
    expect(fake.sendVerification).not.toHaveBeenCalled();
    await user.click(get("keep-address"));
    expect(find("email")).toBeNull();
    expect(text("profile-addresses")).toContain("admin@example.com");
  });

  it("show at their field what Userfront refuses", async () => {
    fake.sendVerification.mockRejectedValueOnce(
      errorOf("email", { kind: "addressRefused", message: "This is taken." }),
    );
    const user = await open(showProfile());
    await user.click(get("change-email"));
    await user.keyboard("taken@example.com{Enter}");
    await rest();
    expect([focused(), isMarked("email"), value("email")]).toEqual(["email", true, "taken@example.com"]);
    expect(about("email")).toContain("Nothing was sent. Userfront says: This is taken.");
    expect(all("error")).toHaveLength(1);
  });
});

describe("a link to a new e-mail address", () => {
  it("is followed with one click in test mode", async () => {
    const user = await open(waiting());
    expect(text("profile-addresses")).toContain("Test mode");
    await user.click(get("follow-verification"));
    expect(fake.confirmEmail.mock.calls).toEqual([[admin.id, newAddress().testLink]]);
  });

  it("is pasted; a refused one is removed, and the old address stays", async () => {
    fake.confirmEmail.mockRejectedValueOnce(errors.link);
    const user = await open(waiting(newAddress({ testLink: null })));
    expect(text("profile-addresses")).toContain("Userfront sent a link to new@example.com.");
    expect(text("profile-addresses")).toContain("your e-mail address stays admin@example.com");
    await user.click(get("link"));
    await user.paste("https://example.com/login?token=t&uuid=u&type=verify");
    await user.keyboard("{Enter}");
    await rest();
    expect(fake.confirmEmail.mock.calls).toEqual([
      [admin.id, "https://example.com/login?token=t&uuid=u&type=verify"],
    ]);
    expect([value("link"), focused()]).toEqual(["", "link"]);
    expect(about("link")).toContain("This link is wrong, has expired or was used already");
    expect(get("profile-addresses").contains(get("error"))).toBe(true);
  });

  it.each([
    ["followVerification", () => fake.confirmEmail, "follow-verification"],
    ["sendAgain", () => fake.sendVerification, "send-again"],
    ["leaveVerification", () => fake.leaveVerification, "leave-verification"],
  ])("says once, where it was tried, that %s failed", async (_, command, button) => {
    command().mockRejectedValueOnce(errors.link);
    const user = await open(waiting());
    await user.click(get(button));
    await rest();
    expect(all("error")).toHaveLength(1);
    expect(get("profile-addresses").contains(get("error"))).toBe(true);
  });

  it.each([
    ["waiting link", waiting(), ""],
    ["new address that is being typed", showProfile(), "change-email"],
  ])(
    "is not said to have failed, beside a %s, when the password could not be changed",
    async (_, shown, first) => {
      fake.changePassword.mockRejectedValueOnce({ ...errors.failed, retryAfter: 30 });
      const user = await open(shown);
      if (first) await user.click(get(first));
      await user.type(get("existing-password"), "a");
      await user.type(get("new-password"), "b{Enter}");
      await rest();
      expect(all("error")).toHaveLength(1);
      expect(get("profile-password").contains(get("error"))).toBe(true);
      expect(isOff(first ? "send-verification" : "use-link")).toBe(false);
    },
  );

  it("is sent again, and can be cancelled", async () => {
    const user = await open(waiting());
    await user.click(get("send-again"));
    expect(fake.sendVerification.mock.calls).toEqual([[admin.id, "email", "new@example.com"]]);
    await user.click(get("leave-verification"));
    expect(fake.leaveVerification).toHaveBeenCalledTimes(1);
    await become(showProfile());
    expect(document.activeElement).toBe(heading());
  });
});

describe("a code to a new phone number", () => {
  it("is typed; a wrong code can be typed again", async () => {
    fake.confirmPhone.mockRejectedValueOnce(errors.code);
    const user = await open(waiting(newNumber()));
    expect(text("test-code")).toContain("123456");
    await user.click(get("code"));
    await user.keyboard("000000");
    await rest();
    expect(fake.confirmPhone.mock.calls).toEqual([[admin.id, "000000"]]);
    expect(get("profile-addresses").contains(get("error"))).toBe(true);
    await user.keyboard("123456");
    await rest();
    expect(fake.confirmPhone).toHaveBeenLastCalledWith(admin.id, "123456");
  });
});
