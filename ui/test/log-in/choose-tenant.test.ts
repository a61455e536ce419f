import { describe, expect, it } from "vitest";
import { askStep, askTenant, errors, first, many } from "../../dev/states";
import { errorText } from "../../src/words";
import { fake } from "../support/fake-ipc";
import { about, all, become, find, focused, get, open, rest, text } from "../support/window";

const advanced = (): HTMLDetailsElement => get("api-url").closest("details") as HTMLDetailsElement;

describe("choosing a tenant", () => {
  it("sends what is filled in and typed, on Enter", async () => {
    const user = await open(askTenant());
    await user.keyboard(" demo1234 {Enter}");
    expect(fake.chooseTenant.mock.calls).toEqual([["demo1234", "https://api.userfront.com/v0/", ""]]);
  });

  it("is one command, however often one clicks, and shows that it is at work", async () => {
    const answer = fake.promised();
    fake.chooseTenant.mockReturnValue(answer.promise);
    const user = await open(askTenant({}, { tenantId: "demo1234" }));
    await user.dblClick(get("tenant-continue"));
    await user.type(get("tenant-id"), "{Enter}");
    expect(fake.chooseTenant).toHaveBeenCalledTimes(1);
    expect(get("tenant-continue").getAttribute("aria-busy")).toBe("true");
    answer.resolve();
    await rest();
    expect(get("tenant-continue").getAttribute("aria-busy")).toBe("false");
  });

  it.each([
    ["tenantId", "tenant-id"],
    ["apiUrl", "api-url"],
    ["domain", "domain"],
  ] as const)("marks and focuses the field of %s, and unmarks it when it is edited", async (code, field) => {
    fake.chooseTenant.mockRejectedValue(errors[code]);
    const user = await open(askTenant({}, { tenantId: "demo1234" }));
    expect(advanced().open).toBe(false);
    await user.click(get("tenant-continue"));
    await rest();
    expect(focused()).toBe(field);
    expect(advanced().open).toBe(code !== "tenantId");
    expect(get(field).getAttribute("aria-invalid")).toBe("true");
    const about = get(field).getAttribute("aria-describedby")?.split(" ") ?? [];
    expect(about.map((id) => document.getElementById(id)?.textContent).join()).toContain(
      errorText(errors[code]),
    );
    expect(all("error")).toHaveLength(1);

    await user.keyboard("x");
    await rest();
    expect(find("error")).toBeNull();
    expect(get(field).getAttribute("aria-invalid")).toBeNull();
  });

  it("offers to try again when it failed, and does the same once more", async () => {
    fake.chooseTenant.mockRejectedValueOnce(errors.failed);
    const user = await open(askTenant({}, { tenantId: "demo1234" }));
    await user.click(get("tenant-continue"));
    await rest();
    expect(get("error").textContent).toContain("refused (os error 111)");
    await user.click(get("retry"));
    await rest();
    expect(fake.chooseTenant).toHaveBeenCalledTimes(2);
    expect(fake.chooseTenant.mock.calls[0]).toEqual(fake.chooseTenant.mock.calls[1]);
    expect(find("error")).toBeNull();
  });

  it("asks for the ID instead of sending none", async () => {
    const user = await open(askTenant());
    await user.keyboard("{Enter}");
    await rest();
    expect(fake.chooseTenant).not.toHaveBeenCalled();
    expect(focused()).toBe("tenant-id");
    expect(about("tenant-id")).toContain("Type your tenant's ID, then continue.");
  });

  it("waits as long as the server wants", async () => {
    fake.chooseTenant.mockRejectedValue(errors.tooMany);
    const user = await open(askTenant({}, { tenantId: "demo1234" }));
    await user.click(get("tenant-continue"));
    await rest();
    expect(text("tenant-continue")).toMatch(/^Wait 1:1\d$/);
    await user.click(get("tenant-continue"));
    await user.type(get("tenant-id"), "{Enter}");
    expect(fake.chooseTenant).toHaveBeenCalledTimes(1);
  });

  it("says that something inside went wrong when the bridge itself fails", async () => {
    fake.chooseTenant.mockRejectedValue("Command choose_tenant not allowed");
    const user = await open(askTenant({}, { tenantId: "demo1234" }));
    await user.click(get("tenant-continue"));
    await rest();
    expect(get("error").textContent).toContain("Something went wrong inside this app.");
    expect(get("error").textContent).toContain("Command choose_tenant not allowed");
  });
});

describe("a tenant that has not said how to log in", () => {
  const unasked = (change = {}) =>
    askStep(first("", ""), { hasAnswered: false, firstFactors: [] }, { accounts: many, ...change });

  it("is being asked, or can be asked again, with what it was asked before", async () => {
    const user = await open(unasked({ inProgress: [{ kind: "choosingTenant" }] }));
    expect(text("login-view")).toContain("Log in to Demo Workspace");
    expect(text("login-view")).toContain("Asking how to log in…");
    expect(find("ask-tenant")).toBeNull();
    await become(unasked());
    expect(text("login-view")).not.toContain("offers no way");
    fake.chooseTenant.mockRejectedValueOnce(errors.failed);
    await user.click(get("ask-tenant"));
    await rest();
    expect(find("ask-tenant"), "the error offers it").toBeNull();
    await user.click(get("retry"));
    const asked = ["demo1234", "https://api.userfront.com/v0/", ""];
    expect(fake.chooseTenant.mock.calls).toEqual([asked, asked]);
  });
});
