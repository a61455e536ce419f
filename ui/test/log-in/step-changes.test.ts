// From one step of a log-in to the next, and what stands above all of them.

import { describe, expect, it } from "vitest";
import {
  account,
  askPassword,
  askStep,
  askTenant,
  codeSent,
  errors,
  first,
  linkSent,
  secondFactors,
  showAccount,
  totpSetUp,
} from "../../dev/states";
import type { LogInStep } from "../../src/bindings/LogInStep";
import { stepKey } from "../../src/model/step";
import { clockDiffers } from "../../src/words";
import { fake } from "../support/fake-ipc";
import { become, find, get, open, rest, text, value } from "../support/window";

const live = { mode: "live" } as const;

describe("going from step to step", () => {
  it("keeps the typed name where it fits", async () => {
    const user = await open(askPassword({}, {}, ""));
    await user.keyboard("mira@nordlicht.example");
    await become(askStep(first("link", "email")));
    expect(value("email")).toBe("mira@nordlicht.example");
    await become(askStep(first("verificationCode", "sms")));
    expect(value("phone-number")).toBe("");
    await user.type(get("phone-number"), "+35840");
    await become(askPassword({}, {}, ""));
    expect(value("email-or-username")).toBe("");
  });

  it("goes back step by step, by button and Escape", async () => {
    const back = askPassword({ accounts: [account()] }, {}, "", true);
    const step = askStep({ kind: "totp" }, {}, { accounts: [account()] });
    if (step.view.name === "login") step.view.canGoBack = true;
    const user = await open(step);
    expect(find("leave-login")).toBeNull();
    await user.keyboard("{Escape}");
    await user.click(get("leave-step"));
    expect(fake.leaveStep).toHaveBeenCalledTimes(2);
    expect(fake.leaveLogin).not.toHaveBeenCalled();
    await become(back);
    expect(find("leave-step")).toBeNull();
    await user.keyboard("{Escape}");
    expect(fake.leaveLogin).toHaveBeenCalledTimes(1);
  });

  it("clears the failure of the step before, and scrolls to the top", async () => {
    fake.confirmCode.mockRejectedValue(errors.failed);
    const user = await open(askStep(codeSent()));
    await user.keyboard("123456");
    await rest();
    expect(find("error")).not.toBeNull();
    get("login-view").scrollTop = 90;
    await become(askStep({ kind: "secondFactors", factors: secondFactors }));
    expect(find("error")).toBeNull();
    expect(get("login-view").scrollTop).toBe(0);
  });

  it("does not scroll when the backup codes were saved", async () => {
    const step: LogInStep = { kind: "setUpTotp", totp: totpSetUp };
    await open(askStep(step));
    get("login-view").scrollTop = 90;
    await become(askStep(step, {}, { notice: { kind: "backupCodesSaved", path: "/home/admin/codes.txt" } }));
    expect(get("login-view").scrollTop).toBe(90);
    expect(text("notice")).toContain("/home/admin/codes.txt");
    expect(text("status")).toBe("The backup codes were saved to /home/admin/codes.txt.");
  });

  it("says each step in the status line", async () => {
    await open(askStep(first("link", "email"), live));
    await become(askStep(first("link", "email"), live, { inProgress: [{ kind: "sending" }] }));
    expect(text("status")).toBe("Asking Userfront to send it…");
    await become(askStep(linkSent(), live));
    expect(text("status")).toBe("A link was sent to mira@nordlicht.example.");
    await become(askStep(first("link", "email"), live));
    expect(text("status")).toBe("");
    await become(askStep(linkSent({ testLink: "http://localhost/login" })));
    expect(text("status")).toBe("No mail is sent in test mode: the link is shown here.");
    await become(askStep({ kind: "totp" }));
    expect(text("status")).toBe("Open your authenticator app.");
  });

  it("gives a step the same key when something is sent again", () => {
    expect(stepKey(first("password", "email"))).toBe(stepKey(first("password", "username")));
    expect(stepKey(linkSent())).toBe(stepKey(linkSent({ resendAt: 1, takenUntil: 2, testLink: "x" })));
    expect(stepKey(codeSent())).not.toBe(stepKey(codeSent({ channel: "sms" })));
    expect(stepKey({ kind: "signUp", way: "link" })).toBe(stepKey({ kind: "signUp", way: "password" }));
    expect(stepKey(first("google", "google"))).not.toBe(stepKey(first("okta", "okta")));
    expect(stepKey(first("custom", "custom", "acme"))).not.toBe(
      stepKey(first("custom", "custom", "umbrella")),
    );
  });

  it("names the host wherever it is not Userfront's own", async () => {
    const steps: LogInStep[] = [
      first("password", "email"),
      first("link", "email"),
      first("totp", "authenticator"),
      { kind: "signUp", way: "password" },
      { kind: "newPassword" },
      { kind: "totp" },
    ];
    await open(askTenant());
    for (const step of steps) {
      await become(askStep(step, { foreignHost: "login.acme.example" }));
      expect(text("foreign-host"), stepKey(step)).toContain("login.acme.example");
    }
  });
});

describe("a clock that differs", () => {
  it.each([
    [3 * 3600 + 59, "When this computer last got tokens, its clock was 3 hours ahead of Userfront's."],
    [-90, "When this computer last got tokens, its clock was 1 minute behind Userfront's."],
    [86400, "When this computer last got tokens, its clock was 1 day ahead of Userfront's."],
    [-45, "When this computer last got tokens, its clock was 45 seconds behind Userfront's."],
  ])("by %i s is said", (ahead, words) => {
    expect(clockDiffers(ahead)).toBe(words);
  });

  it("is shown above every view with advice, and read out once", async () => {
    await open(showAccount());
    await become(showAccount(undefined, { clockAhead: 7200 }));
    expect(text("clock-notice")).toContain("2 hours ahead");
    expect(text("clock-notice")).toContain("set its clock by itself");
    expect(text("status")).toContain("2 hours ahead");
    await become(showAccount());
    expect(find("clock-notice")).toBeNull();
  });
});
