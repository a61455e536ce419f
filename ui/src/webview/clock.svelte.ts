// A clock for the views. It ticks every 20 s, and every second only while a view counts seconds down.

import { createSubscriber } from "svelte/reactivity";

const TICK_MS = 20_000;

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, TICK_MS);
  return () => clearInterval(timer);
});

/** Seconds since 1970-01-01 UTC. A view that reads it is updated. */
export function now(): number {
  subscribe();
  return Math.floor(Date.now() / 1000);
}

const subscribeToSeconds = createSubscriber((update) => {
  const timer = setInterval(update, 1000);
  return () => clearInterval(timer);
});

/** The seconds left until a time; 0 after it. A view that reads it counts down. */
export function secondsUntil(time: number | null | undefined): number {
  const left = Math.ceil((time ?? 0) - Date.now() / 1000);
  if (left <= 0) return 0;
  subscribeToSeconds();
  return left;
}
