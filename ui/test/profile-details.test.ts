// My account: what users can change about themselves.

import { fireEvent } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { account, errors, showProfile, userForm } from "../dev/states";
import { errorText } from "../src/errors";
import { violations } from "./axe";
import { fake } from "./fake-ipc";
import { about, all, become, fill, find, focused, get, isMarked, isOff, open, rest, value } from "./window";

const admin = account();

/** Types JSON, in which user-event would see keys. */
async function edit(typed: string): Promise<void> {
  await fireEvent.input(get("custom-data"), { target: { value: typed } });
  await rest();
}

describe("the details", () => {
  it("are saved when something is new, trimmed, with what is old beside it", async () => {
    const user = await open(showProfile());
    expect([isOff("save-profile"), isOff("discard-changes")]).toEqual([true, true]);
    expect(about("save-profile")).toContain("No changes to save");
    await user.click(get("save-profile"));
    await user.type(get("name"), "  ");
    expect(isOff("save-profile")).toBe(true);
    await fill(user, "name", " Ådmin 名 😀 ");
    expect([isOff("save-profile"), isOff("discard-changes")]).toEqual([false, false]);
    await user.click(get("save-profile"));
    await rest();
    const { username, image, data } = userForm();
    expect(fake.saveProfile.mock.calls).toEqual([[admin.id, "Ådmin 名 😀", username, image, data]]);
  });

  it("are saved on Enter, and can be cleared", async () => {
    const user = await open(showProfile());
    await fill(user, "image", "");
    await fill(user, "username", "{Enter}");
    await rest();
    expect(fake.saveProfile.mock.calls).toEqual([[admin.id, "Admin User", "", "", userForm().data]]);
  });

  it("show what Userfront made of them once it has them, whichever comes first", async () => {
    const user = await open(showProfile());
    await fill(user, "username", "Admin2");
    await user.click(get("save-profile"));
    await rest();
    expect(value("username")).toBe("Admin2");
    await become(showProfile(userForm({ username: "admin2" })));
    expect([value("username"), isOff("save-profile")]).toEqual(["admin2", true]);

    fake.saveProfile.mockImplementationOnce(() => become(showProfile(userForm({ username: "admin3" }))));
    await fill(user, "username", "ADMIN3");
    await user.click(get("save-profile"));
    await rest();
    expect([value("username"), isOff("save-profile")]).toEqual(["admin3", true]);
  });

  it("are one command while it lasts, and cannot be edited meanwhile", async () => {
    const answer = fake.promised();
    fake.saveProfile.mockReturnValue(answer.promise);
    const user = await open(showProfile());
    await fill(user, "name", "New");
    await user.dblClick(get("save-profile"));
    await user.type(get("name"), "er{Enter}");
    expect(fake.saveProfile).toHaveBeenCalledTimes(1);
    expect(get("save-profile").getAttribute("aria-busy")).toBe("true");
    expect(get("change-password").getAttribute("aria-busy")).toBe("false");
    expect([value("name"), isOff("discard-changes")]).toEqual(["New", true]);
    answer.resolve();
    await rest();
    expect(get("save-profile").getAttribute("aria-busy")).toBe("false");
  });

  it("go back to what they were", async () => {
    const user = await open(showProfile());
    await fill(user, "name", "Nobody");
    await edit("{");
    await user.click(get("discard-changes"));
    expect([value("name"), value("custom-data")]).toEqual(["Admin User", userForm().data]);
    expect(focused()).toBe("discard-changes");
    expect(find("custom-data-fault")).toBeNull();
  });

  it.each([
    ["username", "username"],
    ["image", "image"],
    ["customData", "custom-data"],
  ] as const)("that are refused for %s mark their field, until it is edited", async (code, testid) => {
    const error = errors[code];
    fake.saveProfile.mockRejectedValueOnce(error);
    const user = await open(showProfile());
    await fill(user, "name", "New");
    await user.click(get("save-profile"));
    await rest();
    expect(all("error")).toHaveLength(1);
    expect(focused()).toBe(testid);
    expect(isMarked(testid)).toBe(true);
    expect(about(testid)).toContain(errorText(error));
    expect(await violations()).toEqual([]);
    await user.type(get(testid), "1");
    expect(find("error")).toBeNull();
    expect(value("name")).toBe("New");
  });

  it("that cannot be saved say so in their own part, and are tried again", async () => {
    fake.saveProfile.mockRejectedValueOnce(errors.failed);
    const user = await open(showProfile());
    await fill(user, "name", "New");
    await user.click(get("save-profile"));
    await rest();
    expect(all("error")).toHaveLength(1);
    expect(get("profile-details").contains(get("error"))).toBe(true);
    await user.click(get("retry"));
    await rest();
    expect(fake.saveProfile).toHaveBeenCalledTimes(2);
    expect(find("error")).toBeNull();
  });

  it("wait as long as the server wants", async () => {
    fake.saveProfile.mockRejectedValueOnce(errors.tooMany);
    const user = await open(showProfile());
    await fill(user, "name", "New");
    await user.click(get("save-profile"));
    await rest();
    expect(isOff("save-profile")).toBe(true);
    await user.click(get("save-profile"));
    await user.type(get("name"), "{Enter}");
    expect(fake.saveProfile).toHaveBeenCalledTimes(1);
  });
});
