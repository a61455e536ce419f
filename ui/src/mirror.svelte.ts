// The newest snapshot that Rust has sent, and the sentence of the status line that goes with it.

import type { Snapshot } from "./bindings/Snapshot";
import * as ipc from "./ipc";
import { Narrator } from "./narrate";

export class Mirror {
  /** Null until the first snapshot is there. */
  latest = $state.raw<Snapshot | null>(null);
  /** What is happening, or what happened last. */
  said = $state("");
  readonly #narrator = new Narrator();

  /** Listens first and asks second, so that no change falls between the two. Answers with what ends the listening. */
  async start(): Promise<() => void> {
    const stop = await ipc.onSnapshot((snapshot) => this.accept(snapshot));
    try {
      this.accept(await ipc.snapshot());
    } catch (thrown) {
      stop();
      throw thrown;
    }
    return stop;
  }

  /** Takes a snapshot unless a newer one is here already. */
  accept(snapshot: Snapshot): void {
    if (this.latest && snapshot.revision <= this.latest.revision) return;
    this.said = this.#narrator.next(this.latest, snapshot);
    this.latest = snapshot;
  }
}
