// Printing. The style sheet print.css hides everything but elements of class `printed`.

/** Returns whether a print dialog could be opened. On some systems `print` returns a promise. */
export async function printMarked(): Promise<boolean> {
  try {
    await (window.print() as unknown);
    return true;
  } catch {
    return false;
  }
}
