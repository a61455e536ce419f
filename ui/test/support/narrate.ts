import type { Snapshot } from "../../src/bindings/Snapshot";
import { Narrator } from "../../src/state/narrate";

/** The status line's words for one change. */
export function narrate(before: Snapshot | null, now: Snapshot, said: string): string {
  const narrator = new Narrator();
  narrator.said = said;
  return narrator.next(before, now);
}
