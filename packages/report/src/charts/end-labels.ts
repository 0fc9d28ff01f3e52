/** A name at the end of a line. */
export interface EndLabel {
  readonly name: string;
  readonly slot: number;
  /** Where the line ends. */
  readonly end: number;
  /** Where the name stands, as near as the others let it. */
  readonly y: number;
}

/** How far apart names stand. */
const GAP = 13;

/** Finds places for the names of lines at their ends, such that none covers another; top to bottom, within a range. */
export function placeLabels(
  labels: readonly Omit<EndLabel, "y">[],
  [lowest, highest]: readonly [bottom: number, top: number],
): EndLabel[] {
  const sorted = [...labels].sort((a, b) => a.end - b.end);
  const places = sorted.map(({ end }) => Math.max(end, highest));
  for (let i = 1; i < places.length; i++)
    places[i] = Math.max(places[i] as number, (places[i - 1] as number) + GAP);
  // What was pushed below the axis pushes back up.
  let room = lowest;
  for (let i = places.length - 1; i >= 0; i--) {
    places[i] = Math.min(places[i] as number, room);
    room = (places[i] as number) - GAP;
  }
  return sorted.map((label, i) => ({ ...label, y: places[i] as number }));
}
