import {
  carriesErrors,
  type Network,
  type ParameterInfo,
  type Rule,
  rules,
  type Shape,
  sameShape,
  type Weights,
  withFeedback,
} from "@bioflax/core";
import { checkWeights, type StoredTensor, type StoredTensors } from "@bioflax/runs";
import { readTensors } from "./read-weights";

/**
 * Weights to start from, and what had to be done about feedback weights, in sentences; none where they are all as in
 * the file.
 */
export interface InitialWeights {
  readonly weights: Weights;
  readonly notices: readonly string[];
}

/**
 * Reads the weights a network starts from, which may be those of one that has learnt by another rule: feedback weights
 * are drawn where the file has none that fit, and left out where the network has none.
 *
 * @param seed of those that are drawn.
 * @throws BioflaxError as {@link readWeights}, for all else that is not exactly the network's, and for feedback
 *   weights, too, where the file says that it was saved under the same rule.
 */
export async function readInitialWeights(
  path: string,
  network: Network,
  seed: number,
): Promise<InitialWeights> {
  const { tensors, metadata } = await readTensors(path, "--init");
  const { rule } = network.spec;
  const isUniform = network.rules.every((own) => own === undefined || own.name === rule);
  if (isUniform && metadata.rule === rule)
    return { weights: checkWeights(tensors, path, network, network.parameters), notices: [] };
  // A file may say anything.
  const savedUnder = [...rules].find(({ name }) => name === metadata.rule);
  const { kept, drawn, leftOut } = fitFeedback(tensors, savedUnder, network);
  const expected = network.parameters.filter(
    ({ layer, role }) => !carriesErrors(role) || !drawn.includes(layer),
  );
  const weights = checkWeights(kept, path, network, expected);
  const tell = (layers: readonly number[], what: string) => {
    const names = layers.map((layer) => `layers.${layer}`).join(", ");
    return layers.length === 0 ? [] : [`--init: the feedback weights of ${names} are ${what}`];
  };
  const saved = savedUnder === undefined ? "the file" : `the file, saved under ${savedUnder.name},`;
  return {
    weights: withFeedback(network, weights, seed),
    notices: [
      ...tell(drawn, `drawn anew: ${saved} has none that fit ${rule}`),
      ...tell(leftOut, `left out: ${saved} has some, and under ${rule} there are none`),
    ],
  };
}

const FEEDBACK = /^layers\.(\d+)\.(?:feedback|errorProjection)(?:\/[a-z]+)?$/;

/**
 * What becomes of feedback weights between networks under different rules: the tensors that are kept, and the layers
 * concerned.
 */
function fitFeedback(tensors: StoredTensors, savedUnder: Rule | undefined, network: Network) {
  const own = network.parameters.filter(({ role }) => carriesErrors(role));
  const layers = [...new Set(own.map(({ layer }) => layer))];
  const isFitting = ({ name, shape, layer }: ParameterInfo) => {
    const { route } = network.rules[layer] as Rule;
    // Square layers have feedback weights of one shape wherever errors come from.
    const isOfRoute = (savedUnder?.route.source ?? route.source) === route.source;
    return (
      isOfRoute && Object.hasOwn(tensors, name) && sameShape(tensors[name]?.shape as Shape, shape)
    );
  };
  const fits = own.filter(({ layer }) =>
    own.filter((info) => info.layer === layer).every(isFitting),
  );
  const layerOf = (name: string) => Number(FEEDBACK.exec(name)?.[1] ?? Number.NaN);
  const isKept = (name: string) =>
    !(layerOf(name) < network.layers.length) ||
    fits.some((info) => info.name === name.split("/")[0]);
  const names = Object.keys(tensors);
  const others = new Set(names.filter((name) => !isKept(name)).map(layerOf));
  const drawn = layers.filter((layer) => !fits.some((info) => info.layer === layer));
  return {
    kept: Object.fromEntries(
      names.filter(isKept).map((name) => [name, tensors[name] as StoredTensor]),
    ),
    drawn,
    leftOut: [...others].filter((layer) => !drawn.includes(layer)),
  };
}
