// A clock for the views. It ticks once a minute, and every second only while a view counts seconds down. It
// stands still while the window is hidden, and is set once it is seen again.

import { createSubscriber } from "svelte/reactivity";

const every = (ms: number): (() => void) =>
  createSubscriber((update) => {
    let timer: ReturnType<typeof setInterval> | undefined;
    function go(): void {
      clearInterval(timer);
      if (!document.hidden) timer = setInterval(update, ms);
    }
    function look(): void {
      go();
      if (!document.hidden) update();
    }
    go();
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  });

const minutes = every(60_000);
const seconds = every(1000);

/** Seconds since 1970-01-01 UTC. A view that reads it is updated. */
export function now(): number {
  minutes();
  return Math.floor(Date.now() / 1000);
}

/** The seconds left until a time; 0 after it. A view that reads it counts down. */
export function secondsUntil(time: number | null | undefined): number {
  const left = Math.ceil((time ?? 0) - Date.now() / 1000);
  if (left <= 0) return 0;
  seconds();
  return left;
}
