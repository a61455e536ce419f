// A clock that the views may read: it ticks often enough for "in 5 minutes" to be true.

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
