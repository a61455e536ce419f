// What the first view does not show is loaded after it, and is there at once from then on.

import type { Component } from "svelte";

// biome-ignore lint/suspicious/noExplicitAny: a component has its own props and exports, and no others
export type Any = Component<any, any>;

const all: Later<Any>[] = [];

/** A component by its import. */
export class Later<Of extends Any> {
  /** Undefined until it is loaded. */
  view: Of | undefined;
  readonly #import: () => Promise<{ default: Of }>;

  constructor(load: () => Promise<{ default: Of }>) {
    this.#import = load;
    all.push(this);
  }

  async load(): Promise<Of> {
    this.view ??= (await this.#import()).default;
    return this.view;
  }
}

/** Loads everything, so that no click waits for it. What fails is tried again, and told, when it is shown. */
export const loadAll = (): void => {
  for (const later of all) later.load().catch(() => {});
};
