// Times in words. All times are seconds since 1970-01-01 UTC.

import { locale } from "./locale";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Written out, since the first use of `Intl` takes WebKit 10 to 20 ms of the first view.
const months = "January February March April May June July August September October November December".split(
  " ",
);
const weekdays = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
const units: [string, number][] = [
  ["day", DAY],
  ["hour", HOUR],
  ["minute", MINUTE],
  ["second", 1],
];

/** "3 hours", "1 minute", in the largest unit. Rounds down. */
export function duration(seconds: number): string {
  const [unit, size] = units.find(([, size]) => seconds >= size) ?? ["second", 1];
  const count = Math.trunc(seconds / size);
  return `${count < 1000 ? count : count.toLocaleString(locale)} ${unit}${count === 1 ? "" : "s"}`;
}

/** How far away a time is: "in 29 days", "3 hours ago", "in less than a minute". Rounds towards now. */
export function fromNow(time: number, now: number): string {
  const distance = time - now;
  const isNear = Math.abs(distance) < MINUTE;
  if (distance >= 0) return isNear ? "in less than a minute" : `in ${duration(distance)}`;
  return isNear ? "just now" : `${duration(-distance)} ago`;
}

const dayOf = (date: Date): string => `${date.getDate()} ${months[date.getMonth()]}`;
const hourOf = (date: Date): string =>
  [date.getHours(), date.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");

/** The day of a time: "21 December", with the year when it is not this one. */
export function day(time: number, now: number): string {
  const date = new Date(time * 1000);
  const year = date.getFullYear();
  return year === new Date(now * 1000).getFullYear() ? dayOf(date) : `${dayOf(date)} ${year}`;
}

/** When something happened: "today, 09:12", "yesterday, 18:40", "21 December, 18:40". */
export function moment(time: number, now: number): string {
  const date = new Date(time * 1000);
  const yesterday = new Date(now * 1000);
  const today = yesterday.toDateString();
  yesterday.setDate(yesterday.getDate() - 1);
  const isToday = date.toDateString() === today;
  const isYesterday = date.toDateString() === yesterday.toDateString();
  return `${isToday ? "today" : isYesterday ? "yesterday" : day(time, now)}, ${hourOf(date)}`;
}

/** How long until something is tried again: "in 3 min", "in 2 h"; nothing within a minute. Rounds up. */
export function until(time: number, now: number): string | undefined {
  const distance = time - now;
  if (distance <= MINUTE) return undefined;
  if (distance <= HOUR) return `in ${Math.ceil(distance / MINUTE)} min`;
  return `in ${Math.ceil(distance / HOUR)} h`;
}

/** Day and time in full, for tooltips: "Monday, 21 December 2026 at 18:40". */
export function inFull(time: number): string {
  const date = new Date(time * 1000);
  return `${weekdays[date.getDay()]}, ${dayOf(date)} ${date.getFullYear()} at ${hourOf(date)}`;
}

/** The time as `<time datetime>` wants it. */
export const machine = (time: number): string => new Date(time * 1000).toISOString();

/** A number of seconds that is counted down: "28 s", "4:05", "3 h". */
export function countdown(seconds: number): string {
  if (seconds < MINUTE) return `${seconds} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)}:${String(seconds % MINUTE).padStart(2, "0")}`;
  return `${Math.ceil(seconds / HOUR)} h`;
}

/** The hour of a time: "14:35". */
export const hour = (time: number): string => hourOf(new Date(time * 1000));
