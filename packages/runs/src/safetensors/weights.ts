import {
  BioflaxError,
  delayedErrorsName,
  type Network,
  nearest,
  type ParameterInfo,
  printableName,
  type Shape,
  showProblems,
  showShape,
  type Weights,
} from "@bioflax/core";
import {
  encodeSafetensors,
  readSafetensors,
  type StoredTensor,
  type StoredTensors,
} from "./format";

/** The weights of a network as the bytes of a .safetensors file, in the order of the network. */
export function encodeWeights(network: Network, weights: Weights): Uint8Array {
  return encodeSafetensors(
    Object.fromEntries(
      network.parameters.map(({ name, shape }) => [
        name,
        { shape, values: weights[name] as Float32Array },
      ]),
    ),
    { format: "bioflax", rule: network.spec.rule },
  );
}

/**
 * The weights of a network in the bytes of a .safetensors file; of a checkpoint, its weights alone.
 *
 * What a checkpoint holds beside them, under names with a slash (`layers.0.kernel/momentum`) or of examples
 * (`delayedErrors`), is left alone.
 *
 * @param file its name, for errors.
 * @throws BioflaxError when the file is broken, or when its tensors are not exactly those of the network; it names
 *   every one that is missing, has another shape, or belongs to no layer.
 */
export function decodeWeights(bytes: Uint8Array, file: string, network: Network): Weights {
  return checkWeights(readSafetensors(bytes, file).tensors, file, network, network.parameters);
}

/**
 * The values of some of a network's weights.
 *
 * @throws BioflaxError as {@link decodeWeights}, unless the tensors are exactly these weights.
 */
export function checkWeights(
  tensors: StoredTensors,
  file: string,
  network: Network,
  expected: readonly ParameterInfo[],
): Weights {
  const names = expected.map(({ name }) => name);
  // A checkpoint has the optimizer's memory of a weight beside it, as `layers.0.kernel/momentum`, and that of examples.
  const extra = Object.keys(tensors).filter(
    (name) => name !== delayedErrorsName && !names.includes(name.replace(/\/[a-z]+$/, "")),
  );
  const notFinite: string[] = [];
  const problems = expected.flatMap(({ name, shape }) => {
    if (!Object.hasOwn(tensors, name)) {
      const guess = nearest(name, extra);
      return [
        `missing: ${name} ${showShape(shape)}${guess === undefined ? "" : `; is it ${printableName(guess, 60)}?`}`,
      ];
    }
    const { shape: found, values } = tensors[name] as StoredTensor;
    if (showShape(found) !== showShape(shape))
      return [
        `shape: ${name} is ${printableName(showShape(found), 60)}, expected ${showShape(shape)}`,
      ];
    const broken = values.find((value) => !Number.isFinite(value));
    if (broken !== undefined) notFinite.push(`not finite: ${name} holds ${broken}`);
    return [];
  });
  problems.push(
    ...extra.map(
      (name) =>
        `unknown: ${printableName(name, 60)} ${printableName(showShape(tensors[name]?.shape as Shape), 60)}`,
    ),
  );
  if (problems.length > 0) {
    throw new BioflaxError(
      `${file}: expected exactly the weights of this network under rule ${network.spec.rule}, received others.\n` +
        `  ${showProblems([...problems, ...notFinite])}\nUse a file saved under the same --mode, --hidden-layers and data set.`,
    );
  }
  if (notFinite.length > 0)
    throw new BioflaxError(
      `${file}: expected finite weights, received others.\n  ${showProblems(notFinite)}\n` +
        "The training that left them diverged, or the file is damaged. Use weights of before that, as of the run's best epoch " +
        "(--weights best; --init with its checkpoints/best.safetensors), or train again with a lower --lr.",
    );
  return Object.fromEntries(names.map((name) => [name, tensors[name]?.values as Float32Array]));
}
