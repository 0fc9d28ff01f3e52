import {
  type Joint,
  type KernelParameters,
  type KernelResiduals,
  type Layer,
  type LayerParameters,
  type Residuals,
  receivingShape,
} from "../layers/layer";
import { sameShape } from "../ops/shapes";
import type { TensorOps } from "../ops/tensor-ops";
import { projectionGradientOf } from "../rules/error-projection";
import { feedbackGradientOf } from "../rules/feedback";
import type { FeedbackGradientInputs, LayerContext, OutputSignals, Rule } from "../rules/rule";
import { errorsOf } from "./errors-through-time";
import { forLayer } from "./for-layer";
import type { Network, NetworkParameters } from "./network";
import { feedbackTargetsOf } from "./wiring";

/** The residuals of every layer of one forward pass, from the input to the output. */
export type Tape<T> = readonly Residuals<T>[];

const sum = <T>(ops: TensorOps<T>, values: readonly T[]): T =>
  values.reduce((total, value) => ops.add(total, value));

/** How a layer's inputs are put together, where they are not just added up. */
const jointOf = (layer: Layer): Joint | undefined => (layer.hasKernel ? undefined : layer.joint);

/**
 * The forward pass.
 *
 * @param input [batch, ...inputShape].
 * @param training whether it is that of a training step; false when left out.
 * @param passedOn what goes on of a layer's output, given its index; the output itself when left out.
 * @returns every layer's residuals; the network's output is the last one's `output`, [batch, outputs].
 */
export function forward<T>(
  ops: TensorOps<T>,
  { layers, wiring }: Network,
  parameters: NetworkParameters<T>,
  input: T,
  training = false,
  passedOn: (index: number, output: T) => T = (_, output) => output,
): Tape<T> {
  const tape: Residuals<T>[] = [];
  for (const [index, layer] of layers.entries()) {
    const sources = wiring.sources[index] as readonly number[];
    const joint = jointOf(layer);
    const x = sum(
      ops,
      sources.map((source, i) => {
        const own = source < 0 ? input : (tape[source] as Residuals<T>).output;
        return joint === undefined ? own : joint.place(ops, own, i);
      }),
    );
    const own = parameters[index] as LayerParameters<T>;
    const residuals = forLayer(index, () =>
      layer.hasKernel
        ? layer.forward(ops, own as KernelParameters<T>, x)
        : layer.forward(ops, own, x, training),
    );
    tape.push({ ...residuals, output: passedOn(index, residuals.output) });
  }
  return tape;
}

/** The network's output of a forward pass, [batch, outputs]. */
export function outputOf<T>(tape: Tape<T>): T {
  return (tape.at(-1) as Residuals<T>).output;
}

/**
 * The layer at whose pre-activation the error is that direct rules send, by index; undefined where it is the one at the
 * network's output: where pooling makes the outputs of the output layer's units, and where a recurrent layer does,
 * which has errors at every step.
 */
export function sendingLayerOf({ layers, outputLayer, outputs }: Network): number | undefined {
  const layer = outputLayer === undefined ? undefined : layers[outputLayer];
  const isSending =
    layer?.hasKernel && sameShape(layer.outputShape, [outputs]) && layer.recurrence === undefined;
  return isSending ? outputLayer : undefined;
}

/** What a backward pass finds out, layer by layer from the input to the output. */
export interface Backward<T> {
  /** Every weight's gradient; feedback that no gradient teaches has none, nor has a layer that no error reaches. */
  readonly gradients: NetworkParameters<T>;
  /**
   * The error signal δ that arrived at each layer's output, [batch, ...outputShape], or at each state of a recurrent
   * one, from above and from the step after; undefined where none does.
   */
  readonly signals: readonly (T | undefined)[];
  /** The error signal that arrived at the network's input, [batch, ...inputShape]; undefined where none was sent on. */
  readonly input?: T | undefined;
  /** The error signal that direct rules send: at the pre-activation of the output layer, [batch, outputs]. */
  readonly outputError: T;
}

/** What a backward pass may do otherwise. */
export interface BackwardOptions {
  /** A rule for each layer with a kernel; the network's own when left out. */
  readonly rules?: readonly (Rule | undefined)[];
  /** Whether errors are sent on to the network's input, from which nothing learns; false when left out. */
  readonly toInput?: boolean;
}

/** The layers of a network as rules see them; undefined for those without a kernel. */
export function layerContextsOf<T>(
  { layers }: Network,
  rules: readonly (Rule | undefined)[],
  parameters: NetworkParameters<T>,
): (LayerContext<T> | undefined)[] {
  return layers.map((layer: Layer, index) =>
    layer.hasKernel
      ? {
          layer,
          rule: rules[index] as Rule,
          parameters: parameters[index] as KernelParameters<T>,
        }
      : undefined,
  );
}

/** What a layer's weights that carry errors learn, where a gradient teaches them. */
function feedbackGradients<T>(
  ops: TensorOps<T>,
  context: LayerContext<T>,
  seen: Omit<FeedbackGradientInputs<T>, "context" | "output">,
  feedbackTarget: T,
): { feedback?: T; errorProjection?: T } {
  const { layer, rule, parameters } = context;
  if (parameters.feedback === undefined || rule.feedbackGradient === undefined) return {};
  const output = rule.route.targetOutput(ops, layer, feedbackTarget);
  const projection = parameters.errorProjection;
  const gradient = projectionGradientOf(rule, layer);
  return {
    feedback: feedbackGradientOf(ops, rule, ops.shape(parameters.feedback), {
      ...seen,
      context,
      output,
    }),
    ...(projection !== undefined &&
      gradient && { errorProjection: gradient(ops, { projection, error: seen.error }) }),
  };
}

/**
 * The backward pass: every weight's gradient under the layers' rules.
 *
 * @param arriving δ, ∂L/∂output, and the target's signal, the delayed error and the output's tangent for rules that need
 *   them, all [batch, outputs]; and what examples are weighted by, [batch, 1], where they are.
 */
export function backward<T>(
  ops: TensorOps<T>,
  network: Network,
  parameters: NetworkParameters<T>,
  tape: Tape<T>,
  { delta, ...told }: { readonly delta: T } & Omit<OutputSignals<T>, "error">,
  { rules = network.rules, toInput = false }: BackwardOptions = {},
): Backward<T> {
  const { layers, wiring } = network;
  const sendingLayer = sendingLayerOf(network);
  const contexts = layerContextsOf(network, rules, parameters);
  const feedbackTargets = feedbackTargetsOf(layers, wiring, rules);
  const ends = new Map([...feedbackTargets].map(([end, index]) => [index, end]));
  const arriving: T[][] = layers.map(() => []);
  const atInput: T[] = [];
  const gradients: LayerParameters<T>[] = [];
  const signals: (T | undefined)[] = [];
  let output: OutputSignals<T> = { error: delta, ...told };

  const signalAt = (index: number): T | undefined => {
    if (index === layers.length - 1) return delta;
    const end = feedbackTargets.get(index);
    if (end === undefined) {
      const own = arriving[index] as T[];
      return own.length === 0 ? undefined : sum(ops, own);
    }
    const context = contexts[end] as LayerContext<T>;
    const below = { ...context, feedbackTarget: receivingShape(layers[index] as Layer) };
    // Of a step from layer to layer, this route reads the lower end alone.
    const above = { ...context, error: output.error };
    return forLayer(end, () => context.rule.route.signal(ops, { below, above, output }));
  };

  const passBack = (index: number, signal: T): void => {
    const layer = layers[index] as Layer;
    const residuals = tape[index] as Residuals<T>;
    const wanted = [...(wiring.sources[index] as readonly number[]).entries()].filter(
      ([, source]) => (source < 0 ? toInput : !feedbackTargets.has(source)),
    );
    const joint = jointOf(layer);
    const send = (below: T) => {
      for (const [i, source] of wanted)
        (arriving[source] ?? atInput).push(joint === undefined ? below : joint.part(ops, below, i));
    };
    if (!layer.hasKernel) {
      const own = parameters[index] as LayerParameters<T>;
      const passed = layer.backward(ops, own, residuals, signal);
      gradients[index] = passed.gradients ?? {};
      send(passed.input);
      return;
    }
    const context = contexts[index] as LayerContext<T>;
    const { error, signal: all } = errorsOf(ops, context, residuals as KernelResiduals<T>, signal);
    signals[index] = all;
    const { recurrence } = layer;
    if (index === sendingLayer) output = { error, ...told };
    const own = layer.gradients(ops, residuals, error);
    const end = ends.get(index) ?? index;
    const feedbackTarget =
      recurrence !== undefined && end === index
        ? recurrence.states(ops, residuals)
        : (tape[end] as Residuals<T>).output;
    gradients[index] = {
      ...own,
      ...feedbackGradients(
        ops,
        context,
        {
          input: recurrence?.kernelInput(ops, residuals) ?? residuals.input,
          error,
          kernelGradient: own.kernel,
          outputError: output.error,
          outputTangent: output.outputTangent,
        },
        feedbackTarget,
      ),
    };
    if (wanted.length > 0 && context.rule.route.source === "above") {
      const at = { ...context, error };
      send(
        context.rule.route.signal(ops, {
          below: { ...context, feedbackTarget: layer.inputShape },
          above: at,
          output,
        }),
      );
    }
  };

  for (let index = layers.length - 1; index >= 0; index--) {
    const signal = signalAt(index);
    signals[index] = signal;
    gradients[index] = {};
    if (signal !== undefined) forLayer(index, () => passBack(index, signal));
  }
  return {
    ...{ gradients, signals, outputError: output.error },
    ...(atInput.length > 0 && { input: sum(ops, atInput) }),
  };
}
