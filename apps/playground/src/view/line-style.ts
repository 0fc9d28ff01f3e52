/** The variable of the style sheet that has the colour of a line: of the first to the fourth rule, or layer. */
export const lineColor = (index: number) => `--line-${index % 4}`;

/** Lines that colours alone do not tell apart for everyone. */
const dashes = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

/** How the line of a rule, or of a layer, looks by its place. */
export const lineStyle = (label: string, index: number) => ({
  label,
  color: lineColor(index),
  dash: dashes[index % 4] as number[],
});
