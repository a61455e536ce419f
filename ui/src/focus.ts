// Where the keyboard's focus belongs. A view marks the one place with `data-home`.

/**
 * Puts the focus where the view wants it, unless a question is open that has it. What stands above it (the notices) is not
 * scrolled out of sight.
 */
export function focusHome(): void {
  if (document.querySelector("dialog[open]")) return;
  document.querySelector<HTMLElement>("[data-home]")?.focus({ preventScroll: true });
}

/** Shows an element whenever there is something to look at: where it was tried may be far from here. */
export const intoView =
  (news: unknown) =>
  (element: Element): void => {
    if (news) element.scrollIntoView({ block: "nearest" });
  };

/** Whether the element that had the focus is gone and took it along. */
export const isLost = (last: Element | null): boolean =>
  last !== null && !last.isConnected && (document.activeElement === null || document.activeElement === document.body);
