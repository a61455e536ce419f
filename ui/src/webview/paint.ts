// When the window is painted.

/** Waits until what is in the document now has been painted. A hidden window paints nothing. */
export const afterPaint = (): Promise<void> =>
  new Promise((done) => {
    if (document.hidden) done();
    else requestAnimationFrame(() => setTimeout(done));
  });
