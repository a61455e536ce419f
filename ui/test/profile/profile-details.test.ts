// My account: what users can change about themselves.

import { fireEvent } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { admin, errors, showProfile, userForm } from "../../dev/states";
import { errorText } from "../../src/words";
import { violations } from "../support/axe";
import { fake } from "../support/fake-ipc";
import {
  about,
  all,
  become,
  fill,
  find,
  focused,
  get,
  isMarked,
  isOff,
  open,
  rest,
  value,
} from "../support/window";

/** Types JSON, in which user-event would see keys. */
async function edit(typed: string): Promise<void> {
  await fireEvent.input(get("custom-data"), { target: { value: typed } });
  await rest();
}

describe("saving the details", () => {
  it("sends trimmed edits together with the unchanged fields", async () => {
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

  it("works on Enter, and can clear a field", async () => {
    const user = await open(showProfile());
    await fill(user, "image", "");
    await fill(user, "username", "{Enter}");
    await rest();
    expect(fake.saveProfile.mock.calls).toEqual([[admin.id, "Admin User", "", "", userForm().data]]);
  });

  it("shows Userfront's values afterwards, in either order of answer and snapshot", async () => {
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

  it("is one command; the fields are read-only meanwhile", async () => {
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

  it("can be undone by Discard changes", async () => {
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
  ] as const)("marks the field that was refused for %s, until it is edited", async (code, testid) => {
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

  it("shows a failure in its card, and can be retried", async () => {
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

  it("waits as long as the server asks", async () => {
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
