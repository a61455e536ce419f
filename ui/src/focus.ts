// Where the keyboard's focus belongs. A view marks the one place with `data-home`.

/**
 * Puts the focus where the view wants it, unless a question is open that has it. What stands above it (the notices) is not
 * scrolled out of sight.
 */
export function focusHome(): void {
  if (document.querySelector("dialog[open]")) return;
  document.querySelector<HTMLElement>("[data-home]")?.focus({ preventScroll: true });
}

/** A control in a row of a list: where it stands there, in case that the row goes. */
export class Place {
  readonly #list: Element | null;
  readonly #at: number;
  readonly #testid: string | null;

  constructor(readonly control: Element) {
    const row = control.closest("li");
    this.#list = row?.parentElement ?? null;
    this.#at = row ? [...(this.#list?.children ?? [])].indexOf(row) : -1;
    this.#testid = control.getAttribute("data-testid");
  }

  /** Whether it is gone and took the focus along. */
  get isLost(): boolean {
    return isLost(this.control);
  }

  /** Puts the focus on the row that has taken its place, or is the last one now. Answers whether there is one. */
  focusNeighbour(): boolean {
    if (!this.#list?.isConnected) return false;
    const row = this.#list.children[Math.min(this.#at, this.#list.children.length - 1)];
    const same = this.#testid === null ? null : row?.querySelector<HTMLElement>(`[data-testid="${this.#testid}"]`);
    const control = same ?? row?.querySelector<HTMLElement>("button");
    control?.focus();
    return control !== null && control !== undefined;
  }
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
