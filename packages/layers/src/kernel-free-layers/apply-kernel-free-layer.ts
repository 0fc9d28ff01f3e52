import type { KernelFreeLayer, LayerParameters, ParameterRole } from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import { defineKernel } from "../ops/define-kernel";
import { tfOps } from "../ops/tf-ops";

/** One use of a layer. */
interface Application {
  readonly layer: KernelFreeLayer;
  readonly training: boolean;
  /**
   * The random numbers of the step this use belongs to, whenever it is asked: new tensors. None outside of training.
   */
  noise(): readonly tf.Tensor[];
  /** The layer's weights, as variables. */
  readonly parameters: LayerParameters<tf.Tensor>;
}

const withNoise = ({ parameters, noise }: Application) => ({ ...parameters, noise: noise() });

/** A tensor of its own: what comes out of an operation must not be what went in. */
const own = (x: tf.Tensor, given: tf.Tensor) => (x === given ? x.clone() : x);

/**
 * The layer's maths as one differentiable operation: inputs `input` and the weights that learn, by role.
 *
 * Its outputs are the layer's output, what it keeps for its backward pass, and its weights' new values, in the order of
 * `updates`.
 */
const applyKernelFreeLayer = defineKernel<Application & { updates: ParameterRole[] }>({
  name: "BioflaxKernelFreeLayer",
  inputsToSave: ["input"],
  // What follows the output is kept for the backward pass, or is as small as a weight.
  outputsToSave: Array.from({ length: 8 }, () => true),
  forward(inputs, application) {
    const input = inputs.input as tf.Tensor;
    const { layer, training } = application;
    const { output, kept, updates } = layer.forward(tfOps, withNoise(application), input, training);
    const values = Object.entries(updates ?? {}) as [ParameterRole, tf.Tensor][];
    application.updates = values.map(([role]) => role);
    return [own(output, input), ...(kept ?? []), ...values.map(([, value]) => value)];
  },
  backward(delta, saved, application) {
    const [input, output, ...others] = saved as [tf.Tensor, tf.Tensor, ...tf.Tensor[]];
    const { layer, updates } = application;
    const kept = others.slice(0, others.length - updates.length);
    const passed = layer.backward(tfOps, withNoise(application), { input, output, kept }, delta);
    const gradients = Object.entries(passed.gradients ?? {}) as [ParameterRole, tf.Tensor][];
    return {
      ...Object.fromEntries(gradients.map(([role, gradient]) => [role, () => gradient])),
      input: () => own(passed.input, delta),
    };
  },
});

/**
 * Uses a layer.
 *
 * @returns its output, and the new values, by role, of weights that follow a step of training.
 */
export function useKernelFreeLayer(
  input: tf.Tensor,
  application: Application,
): { output: tf.Tensor; updates: [ParameterRole, tf.Tensor][] } {
  const attributes = { ...application, updates: [] as ParameterRole[] };
  const learning = application.layer.weights.flatMap(({ role, learns }) =>
    learns ? [[role, application.parameters[role]]] : [],
  );
  const inputs = { input, ...Object.fromEntries(learning) } as tf.NamedTensorMap;
  const [output, ...others] = applyKernelFreeLayer(inputs, attributes);
  const { updates } = attributes;
  const values = others.slice(others.length - updates.length);
  return {
    output: output as tf.Tensor,
    updates: updates.map((role, i) => [role, values[i] as tf.Tensor]),
  };
}
