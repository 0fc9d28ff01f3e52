import type { KernelResiduals, LayerParameters, Residuals } from "../layers/layer";
import { zerosLike } from "../ops/constants";
import { constant, type Dual, forwardModeOps } from "../ops/forward-mode";
import type { TensorOps } from "../ops/tensor-ops";
import type { Network, NetworkParameters } from "./network";
import { forward, outputOf, sendingLayerOf, type Tape } from "./passes";
import { feedbackTargetsOf } from "./wiring";

/** Whether a rule of a network's learns from what noise does to its output. */
export const needsOutputTangent = ({ rules }: Pick<Network, "rules">): boolean =>
  rules.some((rule) => rule?.needsOutputTangent);

/** A layer's weights and noise, none of which change. */
const constants = <T>({ noise, ...weights }: LayerParameters<T>): LayerParameters<Dual<T>> => ({
  ...Object.fromEntries(
    Object.entries(weights).flatMap(([role, weight]) =>
      weight === undefined ? [] : [[role, constant(weight)]],
    ),
  ),
  noise: noise?.map(constant),
});

/** What a layer keeps of a forward pass, without tangents. */
function valuesOf<T>({ kept, updates, ...own }: Residuals<Dual<T>>): Residuals<T> {
  const values = <Key extends string>(tensors: { readonly [K in Key]?: Dual<T> | undefined }) =>
    Object.fromEntries(
      Object.entries<Dual<T> | undefined>(tensors).map(([key, tensor]) => [key, tensor?.value]),
    );
  return {
    ...(values(own) as unknown as Residuals<T>),
    kept: kept?.map(({ value }) => value),
    updates: updates && (values(updates as Omit<typeof updates, "noise">) as LayerParameters<T>),
  };
}

/**
 * The forward pass of a training step, and beside it how much the noise of the rules that need it changes the network's
 * output, were it added, times a small number, to what their layers' feedback targets put out. Values are those of the
 * pass alone.
 *
 * @param parameters with the step's noise.
 * @param input [batch, ...inputShape].
 * @returns the pass, and the tangent of the pre-activation of the output layer, where the error is that direct rules
 *   send: [batch, outputs].
 */
export function forwardWithTangent<T>(
  ops: TensorOps<T>,
  network: Network,
  parameters: NetworkParameters<T>,
  input: T,
): { readonly tape: Tape<T>; readonly outputTangent: T } {
  const { layers, rules, wiring } = network;
  const feedbackTargets = feedbackTargetsOf(layers, wiring, rules);
  const duals = forwardModeOps(ops);
  const perturbed = (index: number, { value, tangent }: Dual<T>): Dual<T> => {
    const receiver = feedbackTargets.get(index);
    if (receiver === undefined || !rules[receiver]?.needsOutputTangent) return { value, tangent };
    const [noise] = (parameters[receiver] as LayerParameters<T>).noise as readonly [T];
    return { value, tangent: tangent === undefined ? noise : ops.add(tangent, noise) };
  };
  const tape = forward(duals, network, parameters.map(constants), constant(input), true, perturbed);
  const sending = sendingLayerOf(network);
  const { value, tangent } =
    sending === undefined
      ? outputOf(tape)
      : (tape[sending] as KernelResiduals<Dual<T>>).preactivation;
  return { tape: tape.map(valuesOf), outputTangent: tangent ?? zerosLike(ops, value) };
}
