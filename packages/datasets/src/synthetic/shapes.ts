/** Whether a place belongs to a shape: u to the right and v down, from its centre, in parts of its radius. */
export type Shape2d = (u: number, v: number) => boolean;

const inSquare =
  (half: number): Shape2d =>
  (u, v) =>
    Math.max(Math.abs(u), Math.abs(v)) <= half;
const inDisc =
  (radius: number): Shape2d =>
  (u, v) =>
    u * u + v * v <= radius * radius;
const without =
  (shape: Shape2d, hole: Shape2d): Shape2d =>
  (u, v) =>
    shape(u, v) && !hole(u, v);
const within =
  (frame: Shape2d, shape: Shape2d): Shape2d =>
  (u, v) =>
    frame(u, v) && shape(u, v);

const beam: Shape2d = (u, v) => Math.min(Math.abs(u), Math.abs(v)) <= 0.3;
/** Every other one of five bands across. */
const band = (x: number) => Math.floor((x + 1) * 2.5) % 2 === 0;

/** Ten shapes, each its own mirror image: turning a picture left to right does not change what it shows. */
export const shapes: Readonly<Record<string, Shape2d>> = {
  disc: inDisc(1),
  ring: without(inDisc(1), inDisc(0.6)),
  square: inSquare(0.85),
  frame: without(inSquare(0.85), inSquare(0.45)),
  triangle: (u, v) => v >= -0.9 && v <= 0.8 && Math.abs(u) <= (v + 0.9) / 1.7,
  plus: within(inSquare(1), beam),
  cross: within(inDisc(1.1), (u, v) => beam((u + v) / Math.SQRT2, (u - v) / Math.SQRT2)),
  bars: within(inSquare(1), (_, v) => band(v)),
  columns: within(inSquare(1), (u) => band(u)),
  checks: within(inSquare(1), (u, v) => band(u) === band(v)),
};
