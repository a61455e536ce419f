import { describe, expect, it, vi } from "vitest";
import { askStep, codeSent, errors, first, linkSent } from "../../dev/states";
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
