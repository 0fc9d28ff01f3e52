/** Red, green and blue, 0 to 255. */
export type Color = readonly [number, number, number];

/** Classes' colours, told apart in light and in dark. */
export const classColors: readonly Color[] = [
  [38, 110, 214],
  [227, 108, 9],
  [34, 150, 92],
  [190, 60, 150],
  [140, 120, 20],
  [90, 90, 200],
  [0, 150, 160],
  [190, 40, 50],
  [120, 80, 40],
  [110, 115, 120],
];

/** A colour between two, by a part from 0 to 1. */
export const mix = ([r, g, b]: Color, to: Color, part: number): Color => [
  r + (to[0] - r) * part,
  g + (to[1] - g) * part,
  b + (to[2] - b) * part,
];

/** The colour a variable of the style sheet has, written `r g b`. */
export const variable = (styles: CSSStyleDeclaration, name: string): Color =>
  styles.getPropertyValue(name).trim().split(/\s+/).map(Number) as unknown as Color;

/** Colours of numbers: from the largest negative one over 0 to the largest positive one. */
export function divergingOf(styles: CSSStyleDeclaration, largest: number) {
  const none = variable(styles, "--none");
  const below = variable(styles, "--below");
  const above = variable(styles, "--above");
  return (value: number): Color => {
    const part = largest === 0 ? 0 : Math.min(1, Math.abs(value) / largest);
    return mix(none, value < 0 ? below : above, part);
  };
}

/**
 * Writes colours place by place, row by row.
 *
 * @param side pixels of a place, across and down.
 */
export function paint(
  context: CanvasRenderingContext2D,
  columns: number,
  rows: number,
  colorAt: (place: number) => Color,
  side = 1,
): void {
  const width = columns * side;
  const image = context.createImageData(width, rows * side);
  const pixels = new DataView(image.data.buffer);
  for (let place = 0; place < columns * rows; place++) {
    const [r, g, b] = colorAt(place);
    const color = ((r + 0.5) << 24) | ((g + 0.5) << 16) | ((b + 0.5) << 8) | 255;
    const first = Math.floor(place / columns) * side * width + (place % columns) * side;
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) pixels.setInt32(4 * (first + y * width + x), color);
  }
  context.putImageData(image, 0, 0);
}
