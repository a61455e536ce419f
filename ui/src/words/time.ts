// Times in words. All times are seconds since 1970-01-01 UTC.

import { locale } from "./locale";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const relative = new Intl.RelativeTimeFormat(locale, { numeric: "always" });
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

const sameYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long" });
const otherYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" });

/** The day of a time: "21 December", with the year when it is not this one. */
export function day(time: number, now: number): string {
  const date = new Date(time * 1000);
  return (date.getFullYear() === new Date(now * 1000).getFullYear() ? sameYear : otherYear).format(date);
}

const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });

/** When something happened: "today, 09:12", "yesterday, 18:40", "21 December, 18:40". */
export function moment(time: number, now: number): string {
  const date = new Date(time * 1000);
  const yesterday = new Date(now * 1000);
  const today = yesterday.toDateString();
  yesterday.setDate(yesterday.getDate() - 1);
  const isToday = date.toDateString() === today;
  const isYesterday = date.toDateString() === yesterday.toDateString();
  return `${isToday ? "today" : isYesterday ? "yesterday" : day(time, now)}, ${clock.format(date)}`;
}

/** How long until something is tried again: "in 3 min", "in 2 h"; nothing within a minute. Rounds up. */
export function until(time: number, now: number): string | undefined {
  const distance = time - now;
  if (distance <= MINUTE) return undefined;
  if (distance <= HOUR) return `in ${Math.ceil(distance / MINUTE)} min`;
  return `in ${Math.ceil(distance / HOUR)} h`;
}

/** Day and time in full, for tooltips. */
export const inFull = (time: number): string => exact.format(new Date(time * 1000));

/** The time as `<time datetime>` wants it. */
export const machine = (time: number): string => new Date(time * 1000).toISOString();

/** A number of seconds that is counted down: "28 s", "4:05", "3 h". */
export function countdown(seconds: number): string {
  if (seconds < MINUTE) return `${seconds} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)}:${String(seconds % MINUTE).padStart(2, "0")}`;
  return `${Math.ceil(seconds / HOUR)} h`;
}

/** The hour of a time: "14:35". */
export const hour = (time: number): string => clock.format(new Date(time * 1000));

/** How long something is, in its largest unit: "3 hours", "1 minute", "40 seconds". Rounds down. */
export function duration(seconds: number): string {
  const [unit, size] = units.find(([, size]) => seconds >= size) ?? ["second", 1];
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(
    Math.trunc(seconds / size),
  );
}
