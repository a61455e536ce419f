// Where the keyboard's focus belongs. A view marks the one place with `data-home`.

/** Puts the focus where the view wants it, without scrolling what stands above it (the notices) out of sight. */
export function focusHome(): void {
  document.querySelector<HTMLElement>("[data-home]")?.focus({ preventScroll: true });
}

/** Whether the element that had the focus is gone and took it along. */
export const isLost = (last: Element | null): boolean =>
  last !== null && !last.isConnected && (document.activeElement === null || document.activeElement === document.body);
