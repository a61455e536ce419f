// An authenticator app that is being set up: the key, the backup codes, the code that proves it.

import { render } from "@testing-library/svelte";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import axe from "axe-core";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { TotpSetUp } from "../../src/bindings/TotpSetUp";
import TotpSetUpPanel from "../../src/components/forms/TotpSetUpPanel.svelte";
import { Attempts } from "../../src/state/attempts.svelte";
import { fake } from "../support/fake-ipc";
import Within from "../support/Within.svelte";
import { find, get, rest } from "../support/window";

const totp: TotpSetUp = {
  secret: "JBSWY3DPEHPK3PXPJBSW",
  qrCode: "data:image/png;base64,iVBORw0KGgo=",
  backupCodes: Array.from({ length: 10 }, (_, index) => `60bb${index}-9393a`),
};
const onconfirm = vi.fn<(code: string) => void>();

async function open(
  change: Partial<TotpSetUp> = {},
  given: Record<string, unknown> = {},
): Promise<UserEvent> {
  const attempts = new Attempts();
  const props = {
    totp: { ...totp, ...change },
    busy: false,
    failure: null,
    of: "Demo Workspace",
    onconfirm,
    ...given,
  };
  render(Within, { of: TotpSetUpPanel, given: props, attempts } as never);
  await rest();
  return userEvent.setup();
}

beforeEach(() => {
  onconfirm.mockReset();
  window.print = vi.fn();
});

describe("the set-up of an authenticator app", () => {
  it("shows the picture, the key in fours, and every backup code", async () => {
    await open();
    expect(get("qr-code").getAttribute("src")).toBe(totp.qrCode);
    expect(get("qr-code").getAttribute("alt")).toContain("QR code");
    expect([...get("totp-secret").children].map((it) => it.textContent)).toEqual([
      "JBSW",
      "Y3DP",
      "EHPK",
      "3PXP",
      "JBSW",
    ]);
    expect([...get("backup-codes").children].map((it) => it.textContent?.trim())).toEqual(totp.backupCodes);
  });

  it("copies the key without the gaps", async () => {
    const user = await open();
    await user.click(document.querySelector<HTMLElement>("[aria-label='Copy the key']") as HTMLElement);
    expect(await navigator.clipboard.readText()).toBe(totp.secret);
  });

  it("works without a picture and without backup codes", async () => {
    await open({ qrCode: null, backupCodes: [] });
    expect(find("qr-code")).toBeNull();
    expect(find("backup-codes")).toBeNull();
    expect(find("save-backup-codes")).toBeNull();
    expect(get("totp-secret")).toBeTruthy();
  });

  it("saves the backup codes, and prints only them", async () => {
    const user = await open();
    await user.click(get("save-backup-codes"));
    await rest();
    expect(fake.saveBackupCodes).toHaveBeenCalledTimes(1);
    await user.click(get("print-backup-codes"));
    expect(window.print).toHaveBeenCalledTimes(1);
    const paper = document.querySelector(".printed")?.textContent ?? "";
    for (const code of totp.backupCodes) expect(paper).toContain(code);
    expect(paper).toContain("Demo Workspace");
    expect(paper).not.toContain("JBSW");
  });

  it("says so if printing is impossible", async () => {
    window.print = vi.fn(() => Promise.reject(new Error("denied")) as never);
    const user = await open();
    await user.click(get("print-backup-codes"));
    await rest();
    expect(document.body.textContent).toContain("Save the codes instead.");
  });

  it("submits the code that proves the set-up", async () => {
    const user = await open({}, { action: "Turn it on", testid: "confirm-totp" });
    get("code").focus();
    await user.keyboard("123456");
    expect(onconfirm.mock.calls).toEqual([["123456"]]);
    expect(get("confirm-totp").textContent?.trim()).toBe("Turn it on");
  });

  it("is accessible", async () => {
    await open();
    const result = await axe.run(document.body, {
      rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
    });
    expect(result.violations.map((it) => it.id)).toEqual([]);
  });
});
