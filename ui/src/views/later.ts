// Views that are loaded when they are first needed, and are there at once from then on.

import type { Component } from "svelte";

/** A view by its import. */
// biome-ignore lint/suspicious/noExplicitAny: a component takes its own props, and no others
export class Later<Props extends Record<string, any>> {
  /** Undefined until it is loaded. */
  view: Component<Props> | undefined;
  readonly #import: () => Promise<{ default: Component<Props> }>;

  constructor(load: () => Promise<{ default: Component<Props> }>) {
    this.#import = load;
  }

  async load(): Promise<Component<Props>> {
    this.view ??= (await this.#import()).default;
    return this.view;
  }
}
