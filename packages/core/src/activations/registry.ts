import { returned } from "../ops/returned";
import { shapeOps } from "../ops/shape-ops";
import type { Shape } from "../ops/tensor-ops";
import { createRegistry, type OpenName } from "../registry";
import type { Activation } from "./activation";
import { elu, identity, leakyRelu, relu, relu6, softplus } from "./rectifiers";
import { erf, gelu, sigmoid, silu, tanh } from "./sigmoidal";
import { softmax } from "./softmax";

const builtIns = {
  identity,
  relu,
  relu6,
  leakyRelu,
  elu,
  softplus,
  sigmoid,
  tanh,
  erf,
  silu,
  gelu,
  softmax,
} as const;

/** Every activation, by name or alias: TensorFlow.js's and flax's names are known, too. */
export const activations = createRegistry<Activation, typeof builtIns>({
  kind: "activation",
  where: { name: "activations", of: "@bioflax/core" },
  builtIns,
  needs: { forward: "function", backward: "function" },
  check: checkActivation,
});

/** @throws BioflaxError for an activation whose results are not of the shape of what goes in. */
function checkActivation(activation: Activation): void {
  const who = `Activation "${activation.name}"`;
  // Of rows that any number of units might be.
  const shape = [2, 12];
  const y = activation.forward<Shape>(shapeOps, shape);
  returned(shapeOps, y, shape, `${who}: forward`);
  const error = activation.backward<Shape>(shapeOps, { a: shape, y }, shape);
  returned(shapeOps, error, shape, `${who}: backward`);
}

/** The name of an activation that comes with bioflax. */
export type ActivationName = keyof typeof builtIns;

/**
 * The canonical name of an activation, from any name it goes by or from its definition, which is added.
 *
 * @throws BioflaxError for an unknown one, naming the nearest.
 */
export function activationName(given: string | Activation): OpenName<ActivationName> {
  return activations.get(activations.nameOf(given)).name;
}

/** The activation of a name or alias. @throws BioflaxError for an unknown one. */
export function getActivation(name: string): Activation {
  return activations.get(name);
}
