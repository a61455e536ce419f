// My account: the custom data, which is JSON that one types.

import { fireEvent } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";
import { showProfile, state, userForm } from "../../dev/states";
import { violations } from "../support/axe";
import { fake } from "../support/fake-ipc";
import {
  about,
  become,
  fill,
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

/** Types JSON, in which user-event would see keys. */
async function edit(typed: string): Promise<void> {
  await fireEvent.input(get("custom-data"), { target: { value: typed } });
  await rest();
}

describe("the custom data", () => {
  it("is checked during typing, and its fault names the place", async () => {
    const user = await open(showProfile());
    await edit('{\n  "a": 1\n  "b": 2\n}');
    expect(text("custom-data-fault")).toBe("Line 3, column 3: A comma or } is missing here.");
    expect(isMarked("custom-data")).toBe(true);
    expect(about("custom-data")).toContain("A comma or } is missing here.");
    expect(await violations()).toEqual([]);

    await user.click(get("save-profile"));
    expect(fake.saveProfile).not.toHaveBeenCalled();
    const area = get("custom-data") as HTMLTextAreaElement;
    expect(document.activeElement).toBe(area);
    expect(area.value.slice(area.selectionStart)).toBe('"b": 2\n}');

    await edit('{"a": 1, "b": 2}');
    expect(find("custom-data-fault")).toBeNull();
    expect(isMarked("custom-data")).toBe(false);
    await user.click(get("save-profile"));
    await rest();
    expect(fake.saveProfile.mock.calls[0]?.[4]).toBe('{"a": 1, "b": 2}');
  });

  it("is read out as wrong only after a pause", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      await open(showProfile());
      const live = () => get("custom-data").parentElement?.querySelector("[aria-live=polite]");
      await edit("{");
      expect(live()?.textContent).toBe("");
      vi.advanceTimersByTime(500);
      await edit('{"a');
      vi.advanceTimersByTime(899);
      await rest();
      expect(live()?.textContent).toBe("");
      vi.advanceTimersByTime(1);
      await rest();
      expect(live()?.textContent).toContain("Line 1, column 2.");
    } finally {
      vi.useRealTimers();
    }
  });

  it("is indented by Format, which keeps each value and counts as no change", async () => {
    const user = await open(showProfile(userForm({ data: '{\n  "n": 1.00\n}' })));
    expect(isOff("custom-data-format")).toBe(true);
    await edit('{"n":1.00}');
    expect([isOff("save-profile"), isOff("custom-data-format")]).toEqual([true, false]);
    await user.click(get("custom-data-format"));
    expect(value("custom-data")).toBe('{\n  "n": 1.00\n}');
    await edit('{"n":1.0}');
    expect(isOff("save-profile")).toBe(false);
    await edit('{"n":1.0');
    expect(isOff("custom-data-format")).toBe(true);
    await user.click(get("custom-data-format"));
    expect(value("custom-data")).toBe('{"n":1.0');
  });

  it("is shown indented with every digit, which counts as no change", async () => {
    const data = '{"id":18446744073709551616,"at":[59.32932349999999,1.0]}';
    const user = await open(showProfile(userForm({ data })));
    const indented = '{\n  "id": 18446744073709551616,\n  "at": [\n    59.32932349999999,\n    1.0\n  ]\n}';
    expect([value("custom-data"), isOff("save-profile")]).toEqual([indented, true]);
    await edit(indented.replace("1.0", "2.0"));
    await user.click(get("discard-changes"));
    expect(value("custom-data")).toBe(indented);
  });

  it("with a doubled name from Userfront is shown, and blocks only its own saving", async () => {
    const data = '{"a":1,"a":2}';
    const user = await open(showProfile(userForm({ data })));
    expect(value("custom-data")).toBe(data);
    expect(text("custom-data-fault")).toContain("is there twice");
    await fill(user, "name", "New");
    await user.click(get("save-profile"));
    expect(fake.saveProfile.mock.calls.map((call) => [call[1], call[4]])).toEqual([["New", data]]);
    await edit('{"a":1,"a":3}');
    await user.click(get("save-profile"));
    expect(fake.saveProfile).toHaveBeenCalledTimes(1);
  });

  it("counts bytes, not characters", async () => {
    await open(showProfile(userForm({ data: "{}" })));
    expect(text("custom-data-size")).toBe("2 bytes");
    await edit('{"名":"😀"}');
    expect(text("custom-data-size")).toBe("14 bytes");
    await become(state("profile-long"));
    await edit(`{"a":"${"å".repeat(2100)}"}`);
    expect(text("custom-data-size")).toBe("4,208 bytes");
  });

  it("does not catch Tab and Shift+Tab", async () => {
    const user = await open(showProfile());
    get("custom-data").focus();
    await user.tab();
    expect(focused()).toBe("save-profile");
    await user.tab({ shift: true });
    expect(focused()).toBe("custom-data");
    expect(value("custom-data")).toBe(userForm().data);
  });

  it("can be emptied", async () => {
    const user = await open(showProfile());
    await fill(user, "custom-data", "");
    expect(find("custom-data-fault")).toBeNull();
    await user.click(get("save-profile"));
    expect(fake.saveProfile.mock.calls[0]?.[4]).toBe("");
  });

  it("is shown as it came if Rust sends invalid JSON, which counts as no change", async () => {
    await open(state("profile-wrong-data"));
    expect(text("custom-data-fault")).toContain('Text stands in double quotes: "yes".');
    expect(isOff("save-profile")).toBe(true);
  });
});
