// The newest snapshot from Rust, and the sentence of the status line.

import type { Snapshot } from "../bindings/Snapshot";
import * as ipc from "../ipc";
import { Narrator } from "./narrate";
import { shows } from "./place";

export class Mirror {
  /** Null until the first snapshot is there. */
  latest = $state.raw<Snapshot | null>(null);
  /** The status line. */
  said = $state("");
  readonly #narrator = new Narrator();

  /** Listens before it asks, so that no change is missed. Returns a function that stops listening. */
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

  /** Takes a snapshot unless it is older than the present one. */
  accept(snapshot: Snapshot): void {
    if (this.latest && snapshot.revision <= this.latest.revision) return;
    this.said = this.#narrator.next(this.latest, snapshot);
    this.latest = snapshot;
    shows(snapshot.place);
  }
}
