import { type Html, html } from "../html";

const dashes = ["", "7 3", "2.5 3", "9 3 2 3", "1 4", "12 4"];
const COLOURS = 6;

/** Colour and dash of a series: told apart without colours too. */
export function stroke(slot: number): Html {
  const dash = dashes[slot % dashes.length];
  return html`stroke="${colour(slot)}"${dash !== "" && html` stroke-dasharray="${dash}"`}`;
}

/** The colour of a series. */
export function colour(slot: number): string {
  return `var(--series-${slot % COLOURS})`;
}

/** A short piece of a line, for legends. */
export function lineMark(slot: number): Html {
  return html`<svg class="mark" viewBox="0 0 26 10" aria-hidden="true"><path class="line" ${stroke(slot)} d="M1 5H25"/></svg>`;
}

/** A coordinate with as many digits as a screen shows. */
export function at(coordinate: number): string {
  return String(Math.round(coordinate * 10) / 10);
}

/** A coordinate, or the end of an axis that it lies beyond. */
export function within([from, to]: readonly [number, number], coordinate: number): number {
  return Math.min(Math.max(coordinate, Math.min(from, to)), Math.max(from, to));
}
