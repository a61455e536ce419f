// A clock that the views may read: it ticks often enough for "in 5 minutes" to be true. What is counted down by the second
// ticks by the second, and no longer than it has to.

import { createSubscriber } from "svelte/reactivity";

const TICK_MS = 20_000;

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, TICK_MS);
  return () => clearInterval(timer);
});

/** Seconds since 1970-01-01 UTC. Reading it in a view makes the view follow it. */
export function now(): number {
  subscribe();
  return Math.floor(Date.now() / 1000);
}

const subscribeToSeconds = createSubscriber((update) => {
  const timer = setInterval(update, 1000);
  return () => clearInterval(timer);
});

/** How many seconds are left until a time; 0 when it is past. A view that reads it counts down. */
export function secondsUntil(time: number | null | undefined): number {
  const left = Math.ceil((time ?? 0) - Date.now() / 1000);
  if (left <= 0) return 0;
  subscribeToSeconds();
  return left;
}
