// The steps of a log-in: what each asks, what it sends, and what becomes of what was refused.

import { screen } from "@testing-library/svelte";
import { describe, expect, it, vi } from "vitest";
import {
  askStep,
  codeSent,
  errors,
  everyFactor,
  factor,
  first,
  inBrowser,
  linkSent,
  secondFactors,
  totpSetUp,
} from "../../dev/states";
import { fake } from "../support/fake-ipc";
import { about, all, become, find, focused, get, open, rest, text, value } from "../support/window";

const live = { mode: "live" } as const;
const code = (): string =>
  [get("code"), ...all("code-digit")].map((it) => (it as HTMLInputElement).value).join("");
const soon = (): number => Math.floor(Date.now() / 1000);

describe("a link", () => {
  it("is sent to the address that is typed", async () => {
    const user = await open(askStep(first("link", "email")));
    expect(focused()).toBe("email");
    await user.keyboard(" mira@nordlicht.example {Enter}");
    expect(fake.sendLink.mock.calls).toEqual([["mira@nordlicht.example"]]);
  });

  it("is not sent to nobody", async () => {
    const user = await open(askStep(first("link", "email")));
    await user.click(get("send-link"));
    await rest();
    expect(fake.sendLink).not.toHaveBeenCalled();
    expect(focused()).toBe("email");
    expect(about("email")).toContain("Type your e-mail address first.");
  });

  it("is waited for: it is said where it went, and it can be pasted whole", async () => {
    const user = await open(askStep(linkSent(), live));
    expect(text("login-view")).toContain("to log in with to mira@nordlicht.example");
    expect(focused()).toBe("link");
    await user.paste(" https://nordlicht.example/login?token=1&uuid=2 ");
    await user.click(get("use-link"));
    expect(fake.useLink.mock.calls).toEqual([["https://nordlicht.example/login?token=1&uuid=2"]]);
    expect(find("follow-test-link")).toBeNull();
  });

  it("that is refused is marked, not kept, and the next one can be pasted at once", async () => {
    fake.useLink.mockRejectedValue(errors.link);
    const user = await open(askStep(linkSent(), live));
    await user.paste("https://nordlicht.example/login?token=used");
    await user.keyboard("{Enter}");
    await rest();
    expect([value("link"), focused(), get("link").getAttribute("aria-invalid")]).toEqual([
      "",
      "link",
      "true",
    ]);
    expect(about("link")).toContain("This link is wrong, has expired or was used already");
    expect(document.documentElement.outerHTML).not.toContain("token=used");
    await user.keyboard("h");
    await rest();
    expect(find("error")).toBeNull();
  });

  it("is there to be followed in test mode", async () => {
    const user = await open(askStep(linkSent({ testLink: "http://localhost/login?token=1" })));
    expect(text("test-link")).toBe("http://localhost/login?token=1");
    await user.click(get("follow-test-link"));
    expect(fake.followTestLink).toHaveBeenCalledTimes(1);
    expect(fake.useLink).not.toHaveBeenCalled();
  });

  it("tells what it is for, and until when it is taken without asking", async () => {
    await open(askStep(linkSent({ purpose: "reset" }), live));
    expect(text("login-view")).toContain("to choose a new password with");
    expect(text("login-view")).toMatch(/used without asking until \d\d:\d\d/);
    await become(askStep(linkSent({ purpose: "signUp", takenUntil: soon() - 1 }), live));
    expect(text("login-view")).toContain("to finish signing up with");
    expect(text("login-view")).toContain("you are asked first");
  });

  it("can be sent again once the countdown is over, and what is typed stays meanwhile", async () => {
    vi.useFakeTimers({ now: 1_800_000_000_000, shouldAdvanceTime: true });
    try {
      const user = await open(askStep(linkSent({ resendAt: 1_800_000_000 + 30 }), live));
      expect(text("send-again")).toMatch(/^Send again in (30|29) s$/);
      await user.click(get("send-again"));
      expect(fake.sendAgain).not.toHaveBeenCalled();
      await user.type(get("link"), "https://half");
      await vi.advanceTimersByTimeAsync(31_000);
      await rest();
      expect(text("send-again")).toBe("Send again");
      await user.click(get("send-again"));
      expect(fake.sendAgain).toHaveBeenCalledTimes(1);
      await become(askStep(linkSent({ resendAt: 1_800_000_000 + 90 }), live));
      expect(value("link")).toBe("https://half");
      expect(text("send-again")).toMatch(/^Send again in \d\d s$/);
      expect(text("status")).toBe("Another link was sent to mira@nordlicht.example.");
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("a code", () => {
  it.each([
    ["email", "email", "mira@nordlicht.example"],
    ["sms", "phone-number", "+358 40 123 4567"],
  ])("is sent by %s", async (channel, field, address) => {
    const user = await open(askStep(first("verificationCode", channel)));
    expect(focused()).toBe(field);
    await user.keyboard(`${address}{Enter}`);
    expect(fake.sendCode.mock.calls).toEqual([[address]]);
  });

  it("logs in as soon as it is whole, once", async () => {
    const answer = fake.promised();
    fake.confirmCode.mockReturnValue(answer.promise);
    const user = await open(askStep(codeSent()));
    expect(focused()).toBe("code");
    await user.keyboard("123456{Enter}");
    await user.click(get("log-in"));
    expect(fake.confirmCode.mock.calls).toEqual([["123456"]]);
    expect(get("log-in").getAttribute("aria-busy")).toBe("true");
    answer.resolve();
    await rest();
  });

  it("that is not whole is asked for, and what is there stays", async () => {
    const user = await open(askStep(codeSent()));
    await user.keyboard("123{Enter}");
    await rest();
    expect(fake.confirmCode).not.toHaveBeenCalled();
    expect(about("code")).toContain("Type all 6 digits of the code.");
    expect([code(), all("error").length]).toEqual(["123", 1]);
    await user.keyboard("4");
    await rest();
    expect([code(), find("error")]).toEqual(["1234", null]);
  });

  it("that is refused is emptied and has the focus; the next one is sent", async () => {
    fake.confirmCode.mockRejectedValueOnce(errors.code);
    const user = await open(askStep(codeSent()));
    await user.keyboard("111111");
    await rest();
    expect([code(), focused()]).toEqual(["", "code"]);
    expect(about("code")).toContain("This code is wrong, has expired or was used already.");
    await user.keyboard("222222");
    await rest();
    expect(fake.confirmCode.mock.calls).toEqual([["111111"], ["222222"]]);
    expect(find("error")).toBeNull();
  });

  it("stays when the network failed, and is sent once more on demand", async () => {
    fake.confirmCode.mockRejectedValueOnce(errors.failed);
    const user = await open(askStep(codeSent()));
    await user.keyboard("123456");
    await rest();
    expect(code()).toBe("123456");
    await user.click(get("retry"));
    await rest();
    expect(fake.confirmCode.mock.calls).toEqual([["123456"], ["123456"]]);
  });

  it("keeps its digits while snapshots arrive, and forgets them with another address", async () => {
    const user = await open(askStep(codeSent()));
    await user.keyboard("123");
    await become(askStep(codeSent({ resendAt: soon() + 60 })));
    expect(code()).toBe("123");
    await become(askStep(codeSent({ address: "other@example.com" })));
    expect(code()).toBe("");
  });

  it("is shown in test mode, and where it went when the app does not know", async () => {
    await open(askStep(codeSent({ testCode: "654321" })));
    expect(text("test-code")).toBe("654321");
    await become(askStep(codeSent({ channel: "sms", address: null })));
    expect(find("test-code")).toBeNull();
    expect(text("login-view")).toContain("the phone number that Userfront knows of you.");
  });

  it("cannot be asked for while the server wants to be left alone", async () => {
    fake.sendCode.mockRejectedValue(errors.tooMany);
    const user = await open(askStep(first("verificationCode", "email"), {}, {}, "mira@nordlicht.example"));
    await user.click(get("send-code"));
    await rest();
    expect(text("send-code")).toMatch(/^Wait 1:1\d$/);
    expect(text("retry")).toMatch(/^Try again in 1:1\d$/);
    await user.click(get("send-code"));
    await user.keyboard("{Enter}");
    await user.click(get("retry"));
    expect(fake.sendCode).toHaveBeenCalledTimes(1);
  });
});

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
