import { cleanup, screen } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { askPassword, askStep, askTenant, everyFactor, factor, first } from "../../dev/states";
import { fake } from "../support/fake-ipc";
import { all, become, find, focused, get, open } from "../support/window";

const value = (testid: string): string => (get(testid) as HTMLInputElement).value;

describe("the auth methods", () => {
  it("names each factor of the tenant once, those with a password in the form's label", async () => {
    const user = await open(askPassword());
    const factors = all("first-factor").map((it) => `${it.dataset.strategy}/${it.dataset.channel}`);
    expect(factors).toEqual([
      "password/email",
      "link/email",
      "verificationCode/email",
      "verificationCode/sms",
      "totp/authenticator",
    ]);
    expect(screen.getByLabelText("E-mail or user name")).toBe(get("email-or-username"));
    await user.click(all("first-factor")[1] as HTMLElement);
    expect(fake.chooseFactor.mock.calls).toEqual([["link", "email", null]]);
  });

  it("has one form and one button for passwords, whatever the tenant calls them", async () => {
    const firstFactors = [
      factor("password", "email"),
      factor("password", "username"),
      factor("link", "email"),
    ];
    await open(askStep(first("password", "username"), { firstFactors }));
    expect(screen.getByLabelText("E-mail or user name")).toBe(get("email-or-username"));
    expect(all("first-factor").filter((it) => it.tagName === "BUTTON")).toHaveLength(1);
    await become(askStep(first("link", "email"), { firstFactors }));
    const buttons = all("first-factor").filter((it) => it.tagName === "BUTTON");
    expect(buttons.map((it) => it.textContent?.trim())).toEqual(["Password"]);
  });

  it("shows a factor that it does not know as off, and says so without an error", async () => {
    const firstFactors = everyFactor.slice(-2);
    const user = await open(askStep(first("custom", "email"), { firstFactors }));
    const passkey = all("first-factor").find((it) => it.dataset.strategy === "passkey") as HTMLElement;
    expect(passkey.getAttribute("aria-disabled")).toBe("true");
    const why = document.getElementById(passkey.getAttribute("aria-describedby") ?? "")?.textContent;
    expect(why).toContain("This app does not know this way to log in");
    expect(why).toContain("passkey (device)");
    await user.click(passkey);
    expect(fake.chooseFactor).not.toHaveBeenCalled();
    expect(find("error")).toBeNull();
  });

  it("shows each factor once, whichever form is shown", async () => {
    for (const { strategy, channel, available } of everyFactor) {
      if (!available) continue;
      await open(askStep(first(strategy, channel), { firstFactors: everyFactor }));
      const shown = all("first-factor").map((it) => `${it.dataset.strategy}/${it.dataset.channel}`);
      expect(shown.toSorted()).toEqual(everyFactor.map((it) => `${it.strategy}/${it.channel}`).toSorted());
      cleanup();
    }
  });

  it("keeps the tenant's order", async () => {
    await open(askStep(first("google", "email"), { firstFactors: everyFactor }));
    const others = all("first-factor")
      .filter((it) => it.tagName === "BUTTON")
      .map((it) => it.dataset.strategy);
    expect(others).toEqual(everyFactor.map((it) => it.strategy).filter((strategy) => strategy !== "google"));
  });

  it("shows no password form to a tenant without passwords", async () => {
    await open(
      askPassword(
        {},
        { firstFactors: [{ strategy: "google", channel: "google", providerId: null, available: false }] },
      ),
    );
    expect(find("password")).toBeNull();
    expect(screen.getByRole("button", { name: "Google" })).toBe(get("first-factor"));
  });

  it("does not send a password to a factor that this app cannot use", async () => {
    await open(
      askPassword(
        {},
        { firstFactors: [{ strategy: "password", channel: "email", providerId: null, available: false }] },
      ),
    );
    expect(find("password")).toBeNull();
    expect(all("first-factor")).toHaveLength(1);
  });

  it("always shows an API host that is not Userfront's, and names the password field by it", async () => {
    await open(askPassword({}, { foreignHost: "login.acme.example" }));
    expect(get("foreign-host").textContent).toContain("login.acme.example");
    expect(get("password").getAttribute("aria-describedby")).toBe(get("foreign-host").id);
    expect(get("foreign-host").compareDocumentPosition(get("password"))).toBe(
      Node.DOCUMENT_POSITION_FOLLOWING,
    );
  });

  it("says that it is test mode, and only then", async () => {
    await open(askPassword());
    expect(get("test-mode").textContent).toContain("Test mode");
    await become(askPassword({}, { mode: "live" }));
    expect(find("test-mode")).toBeNull();
  });

  it("changes the tenant on demand", async () => {
    const user = await open(askPassword());
    await user.click(get("change-tenant"));
    expect(fake.changeTenant).toHaveBeenCalledTimes(1);
    await become(askTenant({}, { tenantId: "demo1234" }));
    expect(value("tenant-id")).toBe("demo1234");
    expect(focused()).toBe("tenant-id");
  });
});
