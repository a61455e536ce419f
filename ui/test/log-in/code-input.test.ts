// A code of six digits: typed, pasted, filled in, corrected, refused.

import { fireEvent, render, screen } from "@testing-library/svelte";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { errorOf } from "../../dev/states";
import type { ErrorCode } from "../../src/bindings/ErrorCode";
import CodeForm from "../../src/components/forms/CodeForm.svelte";
import { digitsOf } from "../../src/model/code";
import { Attempts } from "../../src/state/attempts.svelte";
import Within from "../support/Within.svelte";
import { find, get, rest } from "../support/window";

const onsubmit = vi.fn<(code: string) => void>();
let attempts: Attempts;

const fields = (): HTMLInputElement[] => screen.getAllByLabelText(/^Digit \d of 6$/) as HTMLInputElement[];
const shown = (): string =>
  fields()
    .map((field) => field.value || "_")
    .join("");
const at = (): number => fields().indexOf(document.activeElement as HTMLInputElement) + 1;
const field = (digit: number): HTMLInputElement => fields()[digit - 1] as HTMLInputElement;

async function open(change: { busy?: boolean } = {}): Promise<UserEvent> {
  attempts = new Attempts();
  const given = {
    label: "Code",
    action: "Log in",
    busy: false,
    failure: null,
    home: true,
    onsubmit,
    ...change,
  };
  const user = userEvent.setup();
  const { rerender } = render(Within, { of: CodeForm, given, attempts } as never);
  refuse = async (code, retryAfter = null) => {
    await attempts.run("confirmCode", () =>
      Promise.reject(errorOf(code as ErrorCode, { kind: "wrongCode" }, { retryAfter })),
    );
    await rerender({ given: { ...given, failure: attempts.failure } } as never);
    await rest();
  };
  await rest();
  field(1).focus();
  return user;
}

let refuse: (code: string, retryAfter?: number | null) => Promise<void>;

beforeEach(() => onsubmit.mockReset());

describe("the digits of a pasted text", () => {
  it.each([
    ["123456", "123456"],
    ["123 456", "123456"],
    [" 123-456\n", "123456"],
    ["1 2 3 4 5 6", "123456"],
    ["Your code is 123456.", "123456"],
    ["2 apps: 123456", "123456"],
    ["12345678", "123456"],
    ["12", "12"],
    ["١٢٣٤٥٦", "123456"],
    ["１２３４５６", "123456"],
    ["１２３－４５６", "123456"],
    ["๑๒๓๔๕๖", "123456"],
    ["𝟏𝟐𝟑𝟒𝟓𝟔", "123456"],
    ["Your code is 123‑456, valid for 10 minutes", "123456"],
    ["۱۲۳", "123"],
    ["none", ""],
    ["", ""],
  ])("of %j are %j", (text, digits) => {
    expect(digitsOf(text)).toBe(digits);
  });
});

describe("a code", () => {
  it("moves the focus while it is typed, and is submitted once when complete", async () => {
    const user = await open();
    await user.keyboard("12345");
    expect([shown(), at()]).toEqual(["12345_", 6]);
    expect(onsubmit).not.toHaveBeenCalled();
    await user.keyboard("6");
    expect(onsubmit.mock.calls).toEqual([["123456"]]);
    await user.keyboard("6");
    expect(onsubmit).toHaveBeenCalledTimes(1);
  });

  it("fills all fields when autofill puts it into the first", async () => {
    await open();
    await fireEvent.input(field(1), { target: { value: "123456" } });
    expect(shown()).toBe("123456");
    expect(onsubmit.mock.calls).toEqual([["123456"]]);
  });

  it.each([1, 3, 6])("that is pasted into field %i fills all, spaces and dashes aside", async (digit) => {
    const user = await open();
    field(digit).focus();
    await user.paste(" 123-4 56 ");
    expect(shown()).toBe("123456");
    expect(onsubmit.mock.calls).toEqual([["123456"]]);
  });

  it("fills the fields from where a part of it is pasted", async () => {
    const user = await open();
    field(3).focus();
    await user.paste("34");
    expect([shown(), at()]).toEqual(["__34__", 5]);
  });

  it("accepts only digits", async () => {
    const user = await open();
    await user.keyboard("a1 -2x");
    expect([shown(), at()]).toEqual(["12____", 3]);
    await user.paste("nothing");
    expect(shown()).toBe("12____");
  });

  it("is deleted by Backspace, digit by digit", async () => {
    const user = await open();
    await user.keyboard("123{Backspace}");
    expect([shown(), at()]).toEqual(["12____", 3]);
    await user.keyboard("{Backspace}{Backspace}{Backspace}");
    expect([shown(), at()]).toEqual(["______", 1]);
  });

  it("can be walked with arrows, Home and End; a typed digit replaces the present one", async () => {
    const user = await open();
    await user.keyboard("12345{ArrowLeft}");
    expect(at()).toBe(5);
    await user.keyboard("{Home}{ArrowLeft}");
    expect(at()).toBe(1);
    await user.keyboard("{End}{ArrowRight}");
    expect(at()).toBe(6);
    await user.keyboard("{Home}9");
    expect([shown(), at()]).toEqual(["92345_", 2]);
  });

  it("is submitted again after a change, and on Enter", async () => {
    const user = await open();
    await user.keyboard("123456{Backspace}7");
    expect(onsubmit.mock.calls).toEqual([["123456"], ["123457"]]);
    await user.keyboard("{Enter}");
    expect(onsubmit).toHaveBeenCalledTimes(3);
  });

  it("is asked for if it is incomplete", async () => {
    const user = await open();
    await user.keyboard("12{Home}{Enter}");
    expect(onsubmit).not.toHaveBeenCalled();
    expect(at()).toBe(3);
    await user.click(get("log-in"));
    expect(onsubmit).not.toHaveBeenCalled();
  });

  it("cannot be edited while it is checked", async () => {
    const user = await open({ busy: true });
    await user.keyboard("1{Backspace}");
    await user.paste("123456");
    expect(shown()).toBe("______");
    expect(onsubmit).not.toHaveBeenCalled();
  });

  it("is emptied and marked when refused, until the next one is typed", async () => {
    const user = await open();
    await user.keyboard("123456");
    await refuse("code");
    expect([shown(), at()]).toEqual(["______", 1]);
    expect(fields().every((it) => it.getAttribute("aria-invalid") === "true")).toBe(true);
    expect(document.getElementById(field(1).getAttribute("aria-describedby") ?? "")?.textContent).toContain(
      "This code is wrong",
    );
    await user.keyboard("1");
    expect(attempts.failure).toBeNull();
    await user.keyboard("23456");
    expect(onsubmit.mock.calls).toEqual([["123456"], ["123456"]]);
  });

  it("stays after a failure of another kind", async () => {
    const user = await open();
    await user.keyboard("123456");
    await refuse("failed");
    expect(shown()).toBe("123456");
    expect(find("retry")).not.toBeNull();
  });

  it("cannot be sent during a pause that the server asks for; the time left is shown", async () => {
    vi.useFakeTimers({ now: 1_800_000_000_000 });
    try {
      await open();
      await fireEvent.input(field(1), { target: { value: "123456" } });
      await refuse("failed", 65);
      expect(get("log-in").textContent?.trim()).toBe("Wait 1:05");
      expect(get("retry").getAttribute("aria-disabled")).toBe("true");
      await vi.advanceTimersByTimeAsync(6000);
      await rest();
      expect(get("log-in").textContent?.trim()).toBe("Wait 59 s");
      get("log-in").click();
      expect(onsubmit).toHaveBeenCalledTimes(1);
      await vi.advanceTimersByTimeAsync(59_000);
      await rest();
      expect(get("log-in").textContent?.trim()).toBe("Log in");
      get("log-in").click();
      expect(onsubmit).toHaveBeenCalledTimes(2);
      await vi.advanceTimersByTimeAsync(1000);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("the fields of a code", () => {
  it("are a named group of named fields, the first for autofill", async () => {
    await open();
    expect(screen.getByRole("group", { name: "Code" })).toBeTruthy();
    expect(fields().map((it) => it.autocomplete)).toEqual([
      "one-time-code",
      "off",
      "off",
      "off",
      "off",
      "off",
    ]);
    expect(fields().every((it) => it.inputMode === "numeric")).toBe(true);
    expect(field(1).maxLength).toBe(-1);
    expect(fields().map((it) => it.dataset.testid)).toEqual(["code", ...Array(5).fill("code-digit")]);
  });
});
