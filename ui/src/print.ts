// Prints what the window has marked for it: the style sheet print.css leaves all else out.

/** Answers whether a print dialog could be asked for. On some systems the shell prints, and answers by a promise. */
export async function printMarked(): Promise<boolean> {
  try {
    await (window.print() as unknown);
    return true;
  } catch {
    return false;
  }
}
