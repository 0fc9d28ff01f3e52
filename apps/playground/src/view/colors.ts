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
export const mix = (from: Color, to: Color, part: number): Color =>
  from.map((x, i) => x + ((to[i] as number) - x) * part) as unknown as Color;

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

/** Writes colours pixel by pixel. */
export function paint(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  colorAt: (pixel: number) => Color,
): void {
  const image = context.createImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel++)
    image.data.set([...colorAt(pixel), 255], 4 * pixel);
  context.putImageData(image, 0, 0);
}
