/** Pixels of a digit's image on each side, and of the box that its strokes are brought into, as MNIST has them. */
const SIDE = 28;
const BOX = 20;

/** Where there is ink on a canvas. @returns undefined where there is none. */
function inkOf(canvas: HTMLCanvasElement) {
  const { width, height } = canvas;
  const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(
    ...([0, 0, width, height] as const),
  );
  let [left, top, right, bottom, mass, sumX, sumY] = [width, height, -1, -1, 0, 0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const ink = data[4 * (y * width + x) + 3] as number;
      if (ink === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      mass += ink;
      sumX += ink * x;
      sumY += ink * y;
    }
  const size = Math.max(right - left, bottom - top) + 1;
  return mass === 0 ? undefined : { x: sumX / mass, y: sumY / mass, size };
}

/**
 * A drawn digit as MNIST's were made: its strokes within 20×20 pixels, their centre of mass in the middle of 28×28.
 *
 * @returns its pixels as bytes; undefined where nothing is drawn.
 */
export function digitOf(canvas: HTMLCanvasElement): Uint8Array | undefined {
  const ink = inkOf(canvas);
  if (ink === undefined) return undefined;
  const small = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  const context = small.getContext("2d") as CanvasRenderingContext2D;
  const scale = BOX / ink.size;
  context.imageSmoothingQuality = "high";
  context.setTransform(scale, 0, 0, scale, SIDE / 2 - scale * ink.x, SIDE / 2 - scale * ink.y);
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  return Uint8Array.from({ length: SIDE * SIDE }, (_, pixel) => data[4 * pixel + 3] as number);
}
