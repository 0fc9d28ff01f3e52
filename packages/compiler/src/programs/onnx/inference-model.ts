import {
  BioflaxError,
  createNetwork,
  forward,
  groupByLayer,
  type NetworkSpec,
  outputOf,
  type ParameterInfo,
  showShape,
  sizeOf,
  type Weights,
} from "@bioflax/core";
import { toModel } from "../../graph/model";
import { ONNX_KERNEL } from "../../graph/onnx-convolution";
import { plainOps } from "../../graph/plain-ops";
import { Scope } from "../../graph/scope";
import { DYNAMIC, type Value } from "../../graph/value";

/** What an inference model is made from. */
export interface InferenceModelSetup {
  readonly spec: NetworkSpec;
  /** The trained weights, by name; feedback weights may be among them, and are left out. */
  readonly weights: Weights;
  /** Texts for the model's `metadata_props`, such as how its inputs are normalised. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A trained network as an ONNX model (opset 18) for ONNX Runtime or any other program that reads ONNX.
 *
 * Its input is `input`, float32 [batch, ...inputShape], just as the network sees it: images are [height, width,
 * channels], and normalised already. Its output is `output`, float32 [batch, outputs], as the last layer gives it:
 * before the loss's own softmax or sigmoid. The batch may have any size. Batch normalisation uses its moving
 * statistics, dropout does nothing.
 *
 * @returns the bytes of the `.onnx` file.
 * @throws BioflaxError for a spec core refuses, or weights that do not fit it.
 * @example
 * import { writeFileSync } from "node:fs";
 * writeFileSync("model.onnx", inferenceModel({ spec, weights: network.weights() }));
 */
export function inferenceModel({ spec, weights, metadata = {} }: InferenceModelSetup): Uint8Array {
  const network = createNetwork(spec);
  const scope = new Scope(undefined, { dynamicName: "batch" });
  const input = scope.input("input", [DYNAMIC, ...spec.inputShape]);
  const parameters = network.parameters.map((info) => storedWeight(scope, info, weights));
  const output = outputOf(
    forward(plainOps(scope), network, groupByLayer(network, parameters), input),
  );
  return toModel(scope, [scope.named("output", output)], metadata).bytes;
}

/** A weight as the graph brings it along, a convolution's kernel as ONNX's own convolutions read it. */
function storedWeight(scope: Scope, { name, shape, role }: ParameterInfo, weights: Weights): Value {
  const values = weights[name];
  if (values?.length !== sizeOf(shape)) {
    throw new BioflaxError(
      `inferenceModel: expected the weight "${name}" to hold ${showShape(shape)} = ${sizeOf(shape)} numbers, received ${values?.length ?? "none"}.`,
    );
  }
  if (role !== "kernel" || shape.length !== 4) return scope.stored(name, values, { shape });
  return scope.stored(name, kernelForOnnx(values, shape), { shape, order: ONNX_KERNEL });
}

/** [height, width, channels, filters] → [filters, channels, height, width]. */
function kernelForOnnx(values: Float32Array, shape: readonly number[]): Float32Array {
  const [height, width, channels, filters] = shape as [number, number, number, number];
  const moved = new Float32Array(values.length);
  for (let place = 0; place < height * width; place++)
    for (let channel = 0; channel < channels; channel++)
      for (let filter = 0; filter < filters; filter++)
        moved[(filter * channels + channel) * height * width + place] = values[
          (place * channels + channel) * filters + filter
        ] as number;
  return moved;
}
