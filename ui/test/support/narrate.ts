import type { Snapshot } from "../../src/bindings/Snapshot";
import { Narrator } from "../../src/state/narrate";

/** What the status line says of one change alone. */
export function narrate(before: Snapshot | null, now: Snapshot, said: string): string {
  const narrator = new Narrator();
  narrator.said = said;
  return narrator.next(before, now);
}
