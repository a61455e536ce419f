import { screen } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import {
  askStep,
  errors,
  everyFactor,
  factor,
  first,
  inBrowser,
  secondFactors,
  totpSetUp,
} from "../../dev/states";
import { fake } from "../support/fake-ipc";
import { about, all, become, find, focused, get, open, rest, text, value } from "../support/window";

const live = { mode: "live" } as const;
const code = (): string =>
  [get("code"), ...all("code-digit")].map((it) => (it as HTMLInputElement).value).join("");
const soon = (): number => Math.floor(Date.now() / 1000);

describe("an authenticator app", () => {
  it("as the first factor asks who it is, too", async () => {
    const user = await open(askStep(first("totp", "authenticator")));
    expect(focused()).toBe("email-or-username");
    get("code").focus();
    await user.keyboard("123456");
    await rest();
    expect(fake.logInWithTotp).not.toHaveBeenCalled();
    expect(focused()).toBe("email-or-username");
    expect(about("email-or-username")).toContain("Type your e-mail or user name, then log in.");
    expect([code(), all("error").length]).toEqual(["123456", 1]);
    await user.keyboard("mira{Enter}");
    expect(fake.logInWithTotp.mock.calls).toEqual([["mira", "123456"]]);
  });

  it("as the second factor needs no name", async () => {
    const user = await open(askStep({ kind: "totp" }));
    expect(find("email-or-username")).toBeNull();
    await user.keyboard("123456");
    expect(fake.logInWithTotp.mock.calls).toEqual([["", "123456"]]);
  });

  it("may be replaced by a backup code, which is not kept when it is refused", async () => {
    fake.logInWithBackupCode.mockRejectedValueOnce(errors.code);
    const user = await open(askStep({ kind: "totp" }));
    await user.click(get("use-backup-code"));
    expect([focused(), find("code")]).toEqual(["backup-code", null]);
    await user.keyboard("{Enter}");
    await rest();
    expect(about("backup-code")).toContain("Type a backup code, then log in.");
    await user.keyboard("60bb6-9393a{Enter}");
    await rest();
    expect(fake.logInWithBackupCode.mock.calls).toEqual([["", "60bb6-9393a"]]);
    expect([value("backup-code"), focused()]).toEqual(["", "backup-code"]);
    expect(about("backup-code")).toContain("This code is wrong, has expired or was used already.");
    await user.click(get("use-totp-code"));
    expect([focused(), find("error")]).toEqual(["code", null]);
  });

  it("is set up on the way, and its first code logs in", async () => {
    const user = await open(askStep({ kind: "setUpTotp", totp: totpSetUp }));
    expect(document.activeElement?.tagName).toBe("H1");
    get("code").focus();
    await user.keyboard("123456");
    expect(fake.logInWithTotp.mock.calls).toEqual([["", "123456"]]);
  });
});

describe("single sign-on", () => {
  it("opens the provider in the browser", async () => {
    const user = await open(askStep(first("google", "email"), { firstFactors: everyFactor }));
    expect(focused()).toBe("continue-with-provider");
    expect(text("continue-with-provider")).toBe("Continue with Google");
    await user.keyboard("{Enter}");
    expect(fake.logInWithProvider.mock.calls).toEqual([[""]]);
  });

  it("of one's own asks for the provider's ID unless the tenant says it", async () => {
    const user = await open(askStep(first("custom", "email"), { firstFactors: everyFactor }));
    await user.click(get("continue-with-provider"));
    expect(fake.logInWithProvider).not.toHaveBeenCalled();
    expect(focused()).toBe("provider-id");
    expect(about("provider-id")).toContain("Type the provider's ID, then continue.");
    await user.keyboard("acme-1{Enter}");
    expect(fake.logInWithProvider.mock.calls).toEqual([["acme-1"]]);
    const known = everyFactor.map((it) => ({ ...it, providerId: "said" }));
    await become(askStep(first("custom", "email", "said"), { tenantId: "other", firstFactors: known }));
    expect(find("provider-id")).toBeNull();
    await user.click(get("continue-with-provider"));
    expect(fake.logInWithProvider).toHaveBeenLastCalledWith("said");
  });

  it("of one's own may be there more than once: each is called by its ID, and leads to itself", async () => {
    const firstFactors = ["acme", "umbrella"].map((providerId) => ({
      ...factor("custom", "custom"),
      providerId,
    }));
    const user = await open(askStep(first("custom", "custom", "acme"), { firstFactors }));
    expect(text("continue-with-provider")).toBe("Continue with single sign-on (acme)");
    const [, other] = all("first-factor") as [HTMLElement, HTMLElement];
    expect(other.textContent?.trim()).toBe("Single sign-on (umbrella)");
    await user.click(other);
    expect(fake.chooseFactor.mock.calls).toEqual([["custom", "custom", "umbrella"]]);
    await become(askStep(first("custom", "custom", "umbrella"), { firstFactors }));
    expect(all("first-factor").map((it) => it.textContent?.trim())).toEqual([
      "Log in with single sign-on (umbrella)",
      "Single sign-on (acme)",
    ]);
    await user.click(get("continue-with-provider"));
    expect(fake.logInWithProvider.mock.calls).toEqual([["umbrella"]]);
  });

  it("promises no way back by itself in live mode", async () => {
    await open(askStep(first("google", "email"), { firstFactors: everyFactor }));
    expect(text("login-view")).toContain("you come back here by yourself");
    await become(askStep(first("google", "email"), { firstFactors: everyFactor, ...live }));
    expect(text("login-view")).not.toContain("by yourself");
  });

  it("waits, says for how long, opens again and can be cancelled", async () => {
    const user = await open(askStep(inBrowser({ until: soon() + 300 })));
    expect(text("login-view")).toContain("Your browser shows Google.");
    expect(screen.getByRole("timer").textContent).toMatch(/^(5:00|4:5\d)$/);
    expect(text("provider-address")).toContain("/auth/google/login?tenant_id=demo1234");
    await user.click(get("open-again"));
    expect(fake.openProviderAgain).toHaveBeenCalledTimes(1);
    await become(askStep(inBrowser({ until: soon() - 1 })));
    expect(text("login-view")).toContain("Timed out. Go back and start again.");
    expect([find("open-again"), find("provider-address"), find("link")]).toEqual([null, null, null]);
    await user.click(get("leave-step"));
    expect(fake.leaveStep).toHaveBeenCalledTimes(1);
  });

  it("takes the address that a browser on another computer ends at", async () => {
    const user = await open(askStep(inBrowser({ until: soon() + 300 })));
    expect(text("login-view")).toContain("on another computer");
    await user.click(get("link"));
    await user.paste("http://127.0.0.1:4000/x?token=1&uuid=2");
    await user.keyboard("{Enter}");
    expect(fake.useLink.mock.calls).toEqual([["http://127.0.0.1:4000/x?token=1&uuid=2"]]);
  });

  it("takes the link that the browser ends at, where it cannot come back by itself", async () => {
    const user = await open(askStep(inBrowser({ wantsLink: true, until: null }), live));
    expect(text("login-view")).toContain("As far as we know");
    expect(screen.queryByRole("timer")).toBeNull();
    expect(text("login-view")).not.toContain("given up");
    expect(text("provider-address")).toContain("http");
    expect(find("open-again")).not.toBeNull();
    expect(focused()).toBe("link");
    await user.paste("https://nordlicht.example/dashboard?token=1&uuid=2");
    await user.keyboard("{Enter}");
    expect(fake.useLink.mock.calls).toEqual([["https://nordlicht.example/dashboard?token=1&uuid=2"]]);
  });
});

describe("a second factor", () => {
  it("is chosen from what there is; what is not set up yet says so", async () => {
    const user = await open(askStep({ kind: "secondFactors", factors: secondFactors }));
    const [totp, sms, , passkey] = all("choose-second-factor") as [
      HTMLElement,
      HTMLElement,
      HTMLElement,
      HTMLElement,
    ];
    expect(totp.textContent).toContain("Ready to use");
    expect(sms.textContent).toContain("Not set up yet. You will set it up now.");
    expect(passkey.getAttribute("aria-disabled")).toBe("true");
    await user.click(passkey);
    expect(fake.chooseSecondFactor).not.toHaveBeenCalled();
    await user.click(sms);
    expect(fake.chooseSecondFactor.mock.calls).toEqual([["verificationCode", "sms"]]);
    expect([sms.dataset.strategy, sms.dataset.channel]).toEqual(["verificationCode", "sms"]);
  });

  it("is not off because another window is at work", async () => {
    await open(
      askStep({ kind: "secondFactors", factors: secondFactors }, {}, { inProgress: [{ kind: "sending" }] }),
    );
    expect(all("choose-second-factor").map((it) => it.getAttribute("aria-disabled"))).toEqual([
      null,
      null,
      null,
      "true",
    ]);
  });

  it("by text message asks for the number first", async () => {
    const user = await open(askStep({ kind: "phone" }));
    expect(focused()).toBe("phone-number");
    await user.keyboard("+358401234567{Enter}");
    expect(fake.sendCode.mock.calls).toEqual([["+358401234567"]]);
  });
});

it("every code that marks a field has an error to look at", () => {
  const marking = ["code", "link", "email", "phone", "username", "newPassword"] as const;
  for (const name of marking) expect(errors[name].code).toBe(name);
});
