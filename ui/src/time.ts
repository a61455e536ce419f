// Times in words. All times are seconds since 1970-01-01 UTC.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });
const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", DAY],
  ["hour", HOUR],
  ["minute", MINUTE],
];

/** How far away a time is: "in 29 days", "3 hours ago", "in less than a minute". Rounds towards now. */
export function fromNow(time: number, now: number): string {
  const distance = time - now;
  for (const [unit, seconds] of units) {
    if (Math.abs(distance) >= seconds) return relative.format(Math.trunc(distance / seconds), unit);
  }
  return distance >= 0 ? "in less than a minute" : "just now";
}

const sameYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });
const otherYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short" });

/** The day of a time: "21 December", with the year when it is not this one. */
export function day(time: number, now: number): string {
  const date = new Date(time * 1000);
  return (date.getFullYear() === new Date(now * 1000).getFullYear() ? sameYear : otherYear).format(date);
}

/** Day and time in full, for tooltips. */
export const inFull = (time: number): string => exact.format(new Date(time * 1000));

/** The time as `<time datetime>` wants it. */
export const machine = (time: number): string => new Date(time * 1000).toISOString();
