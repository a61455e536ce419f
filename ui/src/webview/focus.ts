// The keyboard's focus. Each view marks the element that gets it first with `data-home`.

/**
 * Focuses the view's `data-home` element unless a dialog is open. The notices above it are not scrolled out
 * of sight.
 */
export function focusHome(): void {
  if (document.querySelector("dialog[open]")) return;
  document.querySelector<HTMLElement>("[data-home]")?.focus({ preventScroll: true });
}

/** A control in a row of a list, and its position there in case the row goes away. */
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

  get isLost(): boolean {
    return isLost(this.control);
  }

  /** Focuses the row that has taken its place, or the last one. Returns whether there is one. */
  focusNeighbour(): boolean {
    if (!this.#list?.isConnected) return false;
    const row = this.#list.children[Math.min(this.#at, this.#list.children.length - 1)];
    const same =
      this.#testid === null ? null : row?.querySelector<HTMLElement>(`[data-testid="${this.#testid}"]`);
    const control = same ?? row?.querySelector<HTMLElement>("button");
    control?.focus();
    return control !== null && control !== undefined;
  }
}

/** Scrolls an element into view whenever it has news: the button that caused them may be far away. */
export const intoView =
  (news: unknown) =>
  (element: Element): void => {
    if (news) element.scrollIntoView({ block: "nearest" });
  };

/** Whether the focused element was removed, so that nothing has the focus. */
export const isLost = (last: Element | null): boolean =>
  last !== null &&
  !last.isConnected &&
  (document.activeElement === null || document.activeElement === document.body);

/**
 * Whether a key press belongs to an input method. WebKit ends the composition before the Enter that confirms
 * it, and tells by the code 229.
 */
export const isOfInputMethod = ({ isComposing, keyCode }: KeyboardEvent): boolean =>
  isComposing || keyCode === 229;

/** Whether keys that are pressed there belong to a text. */
export const inTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches("input,textarea");
