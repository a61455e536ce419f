// When the window is painted.

/** Waits until what is in the document now has been painted. A hidden window paints nothing. */
export const afterPaint = (): Promise<void> =>
  new Promise((done) => {
    if (document.hidden) done();
    else requestAnimationFrame(() => setTimeout(done));
  });

/** Milliseconds. */
const NOTICEABLE = 100;

/**
 * Does this if the work that has just begun lasts long enough to be noticed: what is drawn meanwhile
 * delays its end. Returns a function that says that it has ended.
 */
export function ifItLasts(draw: () => void): () => void {
  const timer = setTimeout(draw, NOTICEABLE);
  return () => clearTimeout(timer);
}
