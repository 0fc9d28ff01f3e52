import type { Source } from "@bioflax/compiler";
import { type Dataset, takeInputs, takeTargets } from "@bioflax/datasets";
import type { Scene } from "./protocol";

/** Places on each axis of the plane's map. */
const MAP_SIZE = 56;
const LINE_PLACES = 121;

/** A data set's whole input space, where it can be shown: the scene, and its places as examples. */
export interface Space {
  readonly scene: Scene;
  readonly places: Source;
}

function planeOf({ test }: Dataset): Space {
  const points = takeInputs(test.examples, test.indices);
  const labels = takeTargets(test.examples, test.indices) as Int32Array;
  const extent = 1.1 * points.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const at = (place: number) => extent * ((2 * (place + 0.5)) / MAP_SIZE - 1);
  const count = MAP_SIZE ** 2;
  const inputs = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) {
    inputs[2 * i] = at(i % MAP_SIZE);
    // Rows go down, and the second axis up.
    inputs[2 * i + 1] = -at(Math.floor(i / MAP_SIZE));
  }
  return {
    scene: { kind: "plane", points, labels, extent, size: MAP_SIZE },
    places: { inputs, targets: new Int32Array(count), count },
  };
}

function lineOf(): Space {
  const count = LINE_PLACES;
  const inputs = Float32Array.from(
    { length: count },
    (_, i) => Math.PI * ((2 * i) / (count - 1) - 1),
  );
  const targets = inputs.map(Math.sin);
  return { scene: { kind: "line", inputs, targets }, places: { inputs, targets, count } };
}

/** The whole input space of a data set in the plane or on a line; undefined of others. */
export function spaceOf(data: Dataset): Space | undefined {
  const features = data.inputShape.reduce((a, b) => a * b, 1);
  if (data.task === "classification" && features === 2) return planeOf(data);
  return data.name === "sine-regression" ? lineOf() : undefined;
}
