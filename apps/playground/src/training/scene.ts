import type { Source } from "@bioflax/compiler";
import { type Dataset, takeInputs, takeTargets } from "@bioflax/datasets";
import type { Scene } from "./protocol";

/** Places on each axis of the plane's map, and of a unit's. */
const MAP_SIZE = 56;
const UNIT_MAP_SIZE = 20;
const LINE_PLACES = 121;
const SHOWN_IMAGES = 24;

/** A data set's whole input space, or a part of it, where it can be shown: the scene, and its places as examples. */
export interface Space {
  readonly scene: Scene;
  readonly places: Source;
  /** Fewer places, for each unit's map. */
  readonly unitPlaces?: { readonly size: number; readonly inputs: Float32Array };
}

/** Places of a map over the plane, row by row: [size², 2]. */
function mapPlaces(extent: number, size: number): Float32Array {
  const at = (place: number) => extent * ((2 * (place + 0.5)) / size - 1);
  const inputs = new Float32Array(2 * size ** 2);
  for (let i = 0; i < size ** 2; i++) {
    inputs[2 * i] = at(i % size);
    // Rows go down, and the second axis up.
    inputs[2 * i + 1] = -at(Math.floor(i / size));
  }
  return inputs;
}

function planeOf({ test }: Dataset): Space {
  const points = takeInputs(test.examples, test.indices);
  const labels = takeTargets(test.examples, test.indices) as Int32Array;
  const extent = 1.1 * points.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const count = MAP_SIZE ** 2;
  return {
    scene: { kind: "plane", points, labels, extent, size: MAP_SIZE },
    places: { inputs: mapPlaces(extent, MAP_SIZE), targets: new Int32Array(count), count },
    unitPlaces: { size: UNIT_MAP_SIZE, inputs: mapPlaces(extent, UNIT_MAP_SIZE) },
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

function imagesOf({ test }: Dataset, [height, width]: readonly number[]): Space {
  const { inputs, targets, count } = test.examples;
  const shown = Math.min(SHOWN_IMAGES, count);
  const pixels = inputs.slice(0, (shown * inputs.length) / count) as Uint8Array;
  const labels = targets.slice(0, shown) as Int32Array;
  return {
    scene: { kind: "images", height: height as number, width: width as number, pixels, labels },
    places: { inputs: pixels, targets: labels, count: shown },
  };
}

/** What can be shown of a data set's input space: all of it in the plane or on a line, some images; undefined of others. */
export function spaceOf(data: Dataset): Space | undefined {
  const features = data.inputShape.reduce((a, b) => a * b, 1);
  if (data.imageShape !== undefined) return imagesOf(data, data.imageShape);
  if (data.task === "classification" && features === 2) return planeOf(data);
  return data.name === "sine-regression" ? lineOf() : undefined;
}
