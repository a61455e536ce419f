// The newest snapshot from Rust, and the sentence of the status line.

import type { Snapshot } from "../bindings/Snapshot";
import * as ipc from "../ipc";
import { onlyBegins } from "../model/snapshot";
import { afterPaint, ifItLasts } from "../webview/paint";
import type { Narrator } from "./narrate";
import { shows } from "./place";

export class Mirror {
  /** What is drawn. Null until the first snapshot is there. */
  latest = $state.raw<Snapshot | null>(null);
  /** The status line. */
  said = $state("");
  #newest: Snapshot | null = null;
  /** There while the newest is not drawn. */
  #dropDrawing: (() => void) | undefined;
  #narrator: Promise<Narrator> | undefined;
  readonly #onfault: (thrown: unknown) => void;

  /** `onfault` is told when a snapshot that was missed could not be had, or its news cannot be told. */
  constructor(onfault: (thrown: unknown) => void) {
    this.#onfault = onfault;
  }

  /**
   * Asks for the first snapshot while it begins to listen, and again for what has changed until it
   * listened. Returns a function that stops listening.
   */
  async start(): Promise<() => void> {
    const listening = ipc.onSnapshot((event) => {
      const snapshot = this.#whole(event);
      if (snapshot) this.accept(snapshot);
      else this.ask().catch(this.#onfault);
    });
    const [stop, first] = await Promise.allSettled([listening, this.ask()]);
    if (stop.status === "rejected") throw stop.reason;
    try {
      if (first.status === "rejected") throw first.reason;
      await this.ask();
    } catch (thrown) {
      stop.value();
      throw thrown;
    }
    return () => {
      this.#dropDrawing?.();
      stop.value();
    };
  }

  async ask(): Promise<void> {
    this.accept(await ipc.snapshot());
  }

  /** An event with its accounts. Undefined if they are those of a snapshot that this window has not got. */
  #whole(event: Snapshot): Snapshot | undefined {
    if (event.accountsRevision === event.revision) return event;
    if (event.accountsRevision !== this.#newest?.accountsRevision) return undefined;
    return { ...event, accounts: this.#newest.accounts };
  }

  /** Takes a snapshot unless it is older. That work has begun is drawn only if the work lasts. */
  accept(snapshot: Snapshot): void {
    if (this.#newest && snapshot.revision <= this.#newest.revision) return;
    this.#tell(this.#newest, snapshot);
    this.#newest = snapshot;
    if (this.latest && onlyBegins(snapshot, this.latest)) {
      this.#dropDrawing ??= ifItLasts(() => this.#draw());
    } else this.#draw();
  }

  #draw(): void {
    this.#dropDrawing?.();
    this.#dropDrawing = undefined;
    this.latest = this.#newest;
    shows(this.latest?.place ?? 0);
  }

  /** Says what is new. The words for it come after the first view. */
  #tell(before: Snapshot | null, now: Snapshot): void {
    this.#narrator ??= afterPaint()
      .then(() => import("./narrate"))
      .then(({ Narrator }) => new Narrator());
    this.#narrator.then(
      (narrator) => {
        this.said = narrator.next(before, now);
      },
      (thrown: unknown) => {
        this.#narrator = undefined;
        this.#onfault(thrown);
      },
    );
  }
}
