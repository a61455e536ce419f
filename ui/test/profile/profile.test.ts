// My account: the way to it, what it shows while Userfront is asked, and what belongs to no part of it.

import { describe, expect, it } from "vitest";
import { account, admin, errors, showAccount, showProfile, state, userForm } from "../../dev/states";
import type { UserForm } from "../../src/bindings/UserForm";
import { violations } from "../support/axe";
import { fake } from "../support/fake-ipc";
import { all, become, fill, find, focused, get, isOff, open, rest, text, value } from "../support/window";

describe("the way to the profile", () => {
  it("is a button of the account view, and Back and Escape lead away", async () => {
    const user = await open(showAccount());
    await user.click(get("show-profile"));
    expect(fake.showProfile.mock.calls).toEqual([[admin.id]]);
    await become(showProfile());
    expect(get("profile-view").querySelector("h1")).toBe(document.activeElement);
    await user.click(get("leave-view"));
    await rest();
    await user.keyboard("{Escape}");
    expect(fake.leaveView).toHaveBeenCalledTimes(2);
  });

  it("is offered only to an account with usable tokens", async () => {
    await open(showAccount([account({ health: "expired" })]));
    expect(find("show-profile")).not.toBeNull();
    for (const health of ["signedOutByServer", "tokensMissing", "loggingIn", "loggingOut"] as const) {
      await become(showAccount([account({ health })]));
      expect(find("show-profile"), health).toBeNull();
    }
  });

  it("works again while Userfront is still being asked", async () => {
    fake.showProfile.mockReturnValue(fake.promised().promise);
    const user = await open(showAccount());
    await user.click(get("show-profile"));
    await become(showProfile(null, { inProgress: [{ kind: "editingProfile", account: admin.id }] }));
    await become(showAccount());
    await user.click(get("show-profile"));
    expect(fake.showProfile).toHaveBeenCalledTimes(2);
  });
});

describe("the profile while Userfront is asked", () => {
  it("says so, then shows the details; later snapshots keep the typed text", async () => {
    const user = await open(state("profile-asking"));
    expect(get("profile-asking").textContent).toContain("Asking Userfront");
    expect(find("save-profile")).toBeNull();
    await become(showProfile());
    expect(find("profile-asking")).toBeNull();
    expect([value("name"), value("username"), value("image")]).toEqual([
      "Admin User",
      "admin",
      "https://example.com/pictures/admin.png",
    ]);
    await fill(user, "name", "Ådmin 名");
    await become(showProfile(undefined, { inProgress: [{ kind: "refreshing", account: admin.id }] }));
    expect(value("name")).toBe("Ådmin 名");
  });

  it("shows its failure once, and asks again", async () => {
    fake.showProfile.mockImplementationOnce(async () => {
      await become(showProfile(null));
      throw errors.failed;
    });
    const user = await open(showAccount());
    await user.click(get("show-profile"));
    await rest();
    expect(all("error")).toHaveLength(1);
    expect(get("error").textContent).toContain("The server cannot be reached.");
    await user.click(get("retry"));
    await rest();
    expect(fake.showProfile.mock.calls).toEqual([[admin.id], [admin.id]]);
  });

  it("can be asked for again if no failure is known", async () => {
    const user = await open(state("profile-unanswered"));
    expect(text("profile-missing")).toContain("no answer came");
    const answer = fake.promised();
    fake.showProfile.mockReturnValue(answer.promise);
    await user.click(get("retry"));
    expect(fake.showProfile.mock.calls).toEqual([[admin.id]]);
    expect(find("profile-asking")).not.toBeNull();
    answer.resolve();
    await rest();
    expect(find("profile-missing")).not.toBeNull();
  });

  it("leads back if the account is gone", async () => {
    const user = await open(state("profile-gone"));
    expect(text("profile-view")).toContain("no longer on this computer");
    await user.click(get("leave-view"));
    expect(fake.leaveView).toHaveBeenCalledTimes(1);
  });
});

describe("leaving the profile with unsaved edits", () => {
  it.each([
    ["leave-view", fake.leaveView],
    ["show-activity", fake.showActivity],
    ["show-settings", fake.showSettings],
  ])("by %s asks, and no means no", async (way, command) => {
    const user = await open(showProfile());
    await fill(user, "name", "New");
    await user.click(get(way));
    expect(text("dialog")).toContain("Leave without saving?");
    expect(focused()).toBe("cancel");
    expect(await violations()).toEqual([]);
    await user.click(get("cancel"));
    await rest();
    expect(find("dialog")).toBeNull();
    expect(command).not.toHaveBeenCalled();
    expect(value("name")).toBe("New");

    await user.click(get(way));
    await user.click(get("leave-unsaved"));
    await rest();
    expect(command).toHaveBeenCalledTimes(1);
  });

  it("by Escape asks, too, and Escape answers no", async () => {
    const user = await open(showProfile());
    await fill(user, "name", "New");
    await user.keyboard("{Escape}");
    expect(find("dialog")).not.toBeNull();
    await user.keyboard("{Escape}");
    expect(fake.leaveView).not.toHaveBeenCalled();
  });

  it("does not ask without edits, or after saving", async () => {
    const user = await open(showProfile());
    await fill(user, "name", "New");
    await fill(user, "name", "Admin User");
    await user.click(get("leave-view"));
    expect(fake.leaveView).toHaveBeenCalledTimes(1);
    await rest();
    await fill(user, "name", "New");
    await user.click(get("save-profile"));
    await rest();
    await become(showProfile(userForm({ name: "New" })));
    await user.click(get("leave-view"));
    expect(fake.leaveView).toHaveBeenCalledTimes(2);
  });

  it("asks only in the profile, and drops the edits", async () => {
    const user = await open(showProfile());
    await fill(user, "name", "New");
    await become(showAccount());
    await user.click(get("show-settings"));
    expect(find("dialog")).toBeNull();
    expect(fake.showSettings).toHaveBeenCalledTimes(1);
    await become(showProfile());
    expect(value("name")).toBe("Admin User");
  });
});

describe("a failure that belongs to no card", () => {
  it("is shown above the cards", async () => {
    fake.leaveView.mockRejectedValueOnce(errors.failed);
    const user = await open(showProfile());
    await user.click(get("leave-view"));
    await rest();
    expect(all("error")).toHaveLength(1);
    expect(get("profile-details").compareDocumentPosition(get("error"))).toBe(
      Node.DOCUMENT_POSITION_PRECEDING,
    );
  });
});

describe("details of any content", () => {
  it.each<[string, Partial<UserForm>]>([
    ["nothing", { name: "", username: "", image: "", email: "", phoneNumber: "", data: "{}" }],
    ["right to left", { name: "ليلى الحسن", username: "ليلى" }],
    [
      "4 kB long",
      { name: "å".repeat(4096), username: "名".repeat(4096), data: `{\n  "a": "${"😀".repeat(1024)}"\n}` },
    ],
    ["markup", { name: "<b onclick=x>x</b>", data: '{\n  "a": "<script>"\n}' }],
  ])("%s is shown as it is", async (_what, change) => {
    const form = userForm(change);
    await open(showProfile(form));
    expect([value("name"), value("username"), value("image"), value("custom-data")]).toEqual([
      form.name,
      form.username,
      form.image,
      form.data,
    ]);
    for (const field of ["name", "username"]) expect(get(field).getAttribute("dir")).toBe("auto");
    expect(isOff("save-profile")).toBe(true);
  });
});
