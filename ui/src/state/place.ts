// The place that the newest snapshot shows.

let shown = 0;
let waiting: (() => void)[] = [];

/** A snapshot of this place is the newest one. */
export function shows(place: number): void {
  shown = place;
  const all = waiting;
  waiting = [];
  for (const look of all) look();
}

/** Waits until a snapshot of this place, or of a later one, is there. */
export async function untilShown(place: number): Promise<void> {
  while (shown < place) await new Promise<void>((look) => waiting.push(look));
}
