import { describe, expect, it } from "vitest";
import { errors } from "../../dev/states";
import { toIpcError } from "../../src/state/failure";
import {
  both,
  countdown,
  day,
  duration,
  factorLabel,
  fromNow,
  inFull,
  initials,
  moment,
  retrying,
} from "../../src/words";

const now = Date.UTC(2026, 5, 15, 12) / 1000;

describe("times", () => {
  it.each([
    [29 * 86400 + 5, "in 29 days"],
    [86400, "in 1 day"],
    [86399, "in 23 hours"],
    [90, "in 1 minute"],
    [59, "in less than a minute"],
    [0, "in less than a minute"],
    [-59, "just now"],
    [-7200, "2 hours ago"],
  ])("%i s from now is %s", (distance, words) => {
    expect(fromNow(now + distance, now)).toBe(words);
  });

  it.each([
    [-5, "Retrying shortly."],
    [60, "Retrying shortly."],
    [61, "Retrying in 2 min."],
    [180, "Retrying in 3 min."],
    [3600, "Retrying in 60 min."],
    [3601, "Retrying in 2 h."],
  ])("a retry due in %i s reads: %s", (distance, words) => {
    expect(retrying(now + distance, now)).toBe(words);
  });

  it.each([
    [0, "0 s"],
    [59, "59 s"],
    [60, "1:00"],
    [245, "4:05"],
    [3599, "59:59"],
    [3600, "1 h"],
    [3601, "2 h"],
  ])("%i s are counted down as %s", (seconds, words) => {
    expect(countdown(seconds)).toBe(words);
  });

  it.each([
    [45, "45 seconds"],
    [119, "1 minute"],
    [3 * 3600 + 40, "3 hours"],
    [2 * 86400, "2 days"],
  ])("%i s are %s long", (seconds, words) => {
    expect(duration(seconds)).toBe(words);
  });

  it("are written as `Intl` writes them", () => {
    const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short" });
    const thatDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });
    const far = new Intl.RelativeTimeFormat("en-GB", { numeric: "always" });
    const long = (unit: string) =>
      new Intl.NumberFormat("en-GB", { style: "unit", unit, unitDisplay: "long" });
    for (let at = 0; at < 400; at += 1) {
      const time = now + at * 100_003;
      expect(inFull(time)).toBe(exact.format(time * 1000));
      expect(day(time, 0)).toBe(thatDay.format(time * 1000));
    }
    for (const days of [1, 2, 999, 1000, 12_345]) {
      expect(fromNow(now + days * 86400, now)).toBe(far.format(days, "day"));
      expect(fromNow(now - days * 86400, now)).toBe(far.format(-days, "day"));
      expect(duration(days * 86400)).toBe(long("day").format(days));
    }
    const list = new Intl.ListFormat("en-GB", { type: "conjunction" });
    for (const all of [[], ["a"], ["a", "b"], ["a", "b", "c"], ["a", "b", "c", "d"]])
      expect(both(all)).toBe(list.format(all));
  });

  it("says today and yesterday, and else the day, with the hour", () => {
    const noon = new Date(2026, 5, 15, 12).getTime() / 1000;
    expect(moment(noon - 3 * 3600, noon)).toBe("today, 09:00");
    expect(moment(noon - 13 * 3600, noon)).toBe("yesterday, 23:00");
    expect(moment(noon - 37 * 3600, noon)).toBe("13 June, 23:00");
  });

  it("names the year only when it is another", () => {
    expect(day(now, now)).toBe("15 June");
    expect(day(now + 365 * 86400, now)).toBe("15 June 2027");
  });
});

describe("names", () => {
  it.each([
    ["Demo Workspace", "DW"],
    ["demo1234", "D"],
    ["田中 さくら", "田さ"],
    ["  --  ", ""],
    ["😀 smile", "S"],
  ])("the initials of %s are %s", (name, letters) => {
    expect(initials(name)).toBe(letters);
  });

  it("a provider may be named by strategy or channel, and an unknown factor by itself", () => {
    const known = { providerId: null, available: false };
    expect(factorLabel({ strategy: "sso", channel: "github", ...known })).toBe("GitHub");
    expect(factorLabel({ strategy: "azure", channel: "sso", ...known })).toBe("Azure");
    expect(factorLabel({ strategy: "passkey", channel: "device", ...known })).toBe("passkey (device)");
  });

  it("a provider of the tenant's own is called by its ID, too, where that is said", () => {
    const custom = { strategy: "sso", channel: "custom", available: true };
    expect(factorLabel({ ...custom, providerId: "acme" })).toBe("Single sign-on (acme)");
    expect(factorLabel({ ...custom, providerId: null })).toBe("Single sign-on");
    expect(factorLabel({ ...custom, channel: "google", providerId: "acme" })).toBe("Google");
  });
});

describe("errors", () => {
  it("keeps an error of ours and wraps any other", () => {
    const ours = errors.credentials;
    expect(toIpcError(ours)).toBe(ours);
    expect(toIpcError({ ...errors.failed, code: "toString" }).code).toBe("failed");
    expect(toIpcError({ ...errors.failed, code: "toString" }).detail).toContain('"code":"toString"');
    expect(toIpcError("not allowed").detail).toBe("not allowed");
    expect(toIpcError(new TypeError("bad")).detail).toBe("TypeError: bad");
    expect(toIpcError(undefined).code).toBe("failed");
  });
});
