import { describe, expect, it } from "vitest";
import { account, arrived, askPassword, askTenant, shot, showAccount } from "../../dev/states";
import { fake } from "../support/fake-ipc";
import { become, find, focused, get, open, rest, text } from "../support/window";

describe("a view that throws", () => {
  const broken = () => showAccount([account({ roles: null as never })]);

  it("is replaced by an error, and can be drawn again", async () => {
    const user = await open(broken());
    expect(text("error")).toContain("Something went wrong inside this app.");
    expect(text("error")).toContain("TypeError");
    expect(document.activeElement?.textContent).toBe("This view cannot be shown");
    await user.click(get("retry"));
    await rest();
    expect(get("broken-view")).toBeTruthy();
    await become(showAccount());
    await user.click(get("retry"));
    await rest();
    expect(get("account-view")).toBeTruthy();
    expect(find("broken-view")).toBeNull();
  });

  it("leaves the footer usable, and the next view whole", async () => {
    const user = await open(showAccount());
    await become(broken());
    expect(get("broken-view")).toBeTruthy();
    await user.click(get("show-settings"));
    expect(fake.showSettings).toHaveBeenCalledTimes(1);
    await become(shot({ view: { name: "settings" } }));
    expect(get("settings-view")).toBeTruthy();
    expect(find("broken-view")).toBeNull();
  });

  it("may be the dialog of a link; its error is shown in the view", async () => {
    await open(showAccount(undefined, { arrivedLink: { ...arrived(), purpose: "other" as never } }));
    expect(find("dialog")).toBeNull();
    expect(text("error")).toContain("TypeError");
    expect(get("account-view")).toBeTruthy();
  });
});

describe("starting", () => {
  it("asks while it begins to listen, and again for what it has missed until it listened", async () => {
    const listening = fake.promised<() => void>();
    fake.onSnapshot.mockReturnValueOnce(listening.promise);
    await open(askTenant({ revision: 5 }));
    expect(get("login-view")).toBeTruthy();
    fake.startWith({ ...showAccount(), revision: 6 });
    listening.resolve(() => {});
    await rest();
    expect(get("account-view")).toBeTruthy();
    expect(fake.order).toEqual(["pull", "pull"]);
  });

  it("shows an error when it cannot listen", async () => {
    fake.onSnapshot.mockRejectedValueOnce("gone");
    await open(askTenant());
    expect(text("error")).toContain("Something went wrong inside this app.");
  });

  it("turns to Rust before it draws, so that the answer comes meanwhile", async () => {
    let drawn: boolean | undefined;
    fake.onSnapshot.mockImplementationOnce(async () => {
      drawn = find("starting-view") !== null;
      return () => {};
    });
    await open(askTenant());
    expect(drawn).toBe(false);
  });

  it("renders the highest revision, in any order of arrival", async () => {
    await open(askTenant({ revision: 5 }));
    fake.sendAsIs({ ...showAccount(), revision: 4, accountsRevision: 4 });
    await rest();
    expect(get("login-view")).toBeTruthy();
    fake.sendAsIs({ ...showAccount(), revision: 7, accountsRevision: 7 });
    await rest();
    fake.sendAsIs({ ...askTenant(), revision: 6, accountsRevision: 6 });
    await rest();
    expect(get("account-view")).toBeTruthy();
  });

  it("keeps the accounts that an event says are the same", async () => {
    await open({ ...showAccount(), revision: 5, accountsRevision: 3 });
    fake.sendAsIs({ ...showAccount(), accounts: [], revision: 6, accountsRevision: 3 });
    await rest();
    expect(get("account-view")).toBeTruthy();
    expect(fake.snapshot).toHaveBeenCalledTimes(2);
  });

  it("asks for accounts that it has missed", async () => {
    await open({ ...askTenant(), revision: 5, accountsRevision: 3 });
    fake.startWith({ ...showAccount(), revision: 8, accountsRevision: 6 });
    fake.sendAsIs({ ...showAccount(), accounts: [], revision: 7, accountsRevision: 6 });
    await rest();
    expect(get("account-view")).toBeTruthy();
    expect(fake.snapshot).toHaveBeenCalledTimes(2 + 1);
  });

  it("shows an error when it cannot get them, and asks again", async () => {
    const user = await open({ ...showAccount(), revision: 5, accountsRevision: 3 });
    fake.snapshot.mockRejectedValueOnce("gone");
    fake.sendAsIs({ ...askTenant(), revision: 7, accountsRevision: 6 });
    await rest();
    expect(get("account-view")).toBeTruthy();
    expect(text("error")).toContain("Something went wrong inside this app.");
    fake.startWith({ ...askTenant(), revision: 8, accountsRevision: 6 });
    await user.click(get("retry"));
    await rest();
    expect(get("login-view")).toBeTruthy();
    expect(find("error")).toBeNull();
  });

  it("needs them no longer once a whole snapshot comes", async () => {
    await open({ ...showAccount(), revision: 5, accountsRevision: 3 });
    fake.snapshot.mockRejectedValueOnce("gone");
    fake.sendAsIs({ ...showAccount(), revision: 7, accountsRevision: 6 });
    await rest();
    expect(find("error")).not.toBeNull();
    fake.sendAsIs({ ...showAccount(), revision: 8, accountsRevision: 8 });
    await rest();
    expect(find("error")).toBeNull();
  });

  it("prefers an event to the older snapshot that it asked for", async () => {
    fake.snapshot.mockImplementation(async () => {
      fake.sendAsIs({ ...showAccount(), revision: 2, accountsRevision: 2 });
      return askTenant({ revision: 1 });
    });
    const { render } = await import("@testing-library/svelte");
    const { default: App } = await import("../../src/App.svelte");
    render(App);
    await rest();
    expect(get("account-view")).toBeTruthy();
  });

  it("shows an error when Rust does not answer, and retries", async () => {
    fake.snapshot.mockRejectedValueOnce("gone");
    const { render } = await import("@testing-library/svelte");
    const { default: App } = await import("../../src/App.svelte");
    render(App);
    await rest();
    expect(get("error").textContent).toContain("Something went wrong inside this app.");
    fake.startWith(askTenant());
    get("retry").click();
    await rest();
    expect(get("login-view")).toBeTruthy();
    expect(find("error")).toBeNull();
  });
});

describe("the network", () => {
  it("its return is told to Rust, but not at the start", async () => {
    fake.networkReturned.mockRejectedValue("gone");
    await open(askTenant());
    expect(fake.networkReturned).not.toHaveBeenCalled();
    window.dispatchEvent(new Event("online"));
    await rest();
    expect(fake.networkReturned).toHaveBeenCalledTimes(1);
    expect(find("error")).toBeNull();
  });
});

describe("the focus", () => {
  it("the focus follows the view: tenant, name or password, account heading, login view", async () => {
    await open(shot());
    await become(askTenant());
    expect(focused()).toBe("tenant-id");
    await become(askPassword({}, {}, ""));
    expect(focused()).toBe("email-or-username");
    await become(showAccount());
    expect(focused()).toBe("profile-name");
    await become(askPassword());
    expect(focused()).toBe("password");
  });

  it("stays while the view stays", async () => {
    const user = await open(askPassword());
    await user.click(get("email-or-username"));
    await become(askPassword({ inProgress: [{ kind: "loggingIn" }] }));
    await become(askPassword());
    expect(focused()).toBe("email-or-username");
  });
});
