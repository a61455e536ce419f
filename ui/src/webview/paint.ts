// When the window is painted.

/** Waits until what is in the document now has been painted. A hidden window paints nothing. */
export const afterPaint = (): Promise<void> =>
  new Promise((done) => {
    if (document.hidden) done();
    else requestAnimationFrame(() => setTimeout(done));
  });

/** In milliseconds. A log-out at a server that answers after 200 ms takes less. */
const NOTICEABLE = 300;

/**
 * Does this if the work that has just begun lasts long enough to be noticed: what is drawn meanwhile
 * delays its end. Returns a function that says that it has ended.
 */
export function ifItLasts(draw: () => void): () => void {
  const timer = setTimeout(draw, NOTICEABLE);
  return () => clearTimeout(timer);
}
