import type { Layer } from "../layers/layer";
import { sizeOf } from "../ops/shapes";
import type { Shape, TensorOps } from "../ops/tensor-ops";
import type { OutputSignals, Site } from "./rule";

/** The way error signals take through a network. */
export interface Route {
  /** What it is called in prose. */
  readonly name: string;
  /** Whose error a signal is made from: that of the layer above, or that of the network's output. */
  readonly source: "above" | "output";
  /**
   * The shape of a layer's feedback weights, or undefined where the route needs none.
   *
   * @param outputs how many outputs the network has.
   * @param isOutput whether the layer is the network's last.
   */
  feedbackShape(layer: Layer, outputs: number, isOutput: boolean): Shape | undefined;
  /**
   * The error signal δ at the output of a layer whose rule takes this route.
   *
   * @param below the layer the signal is for.
   * @param above the layer above, with `error`, the error signal at its pre-activation, [batch, units above].
   * @param output what the network's output tells.
   */
  signal<T>(
    ops: TensorOps<T>,
    at: {
      readonly below: Site<T>;
      readonly above: Site<T> & { readonly error: T };
      readonly output: OutputSignals<T>;
    },
  ): T;
  /** Whether a layer's transport carries an error to a layer that learns from it, rather than to the data. */
  teaches(index: number): boolean;
  /**
   * The matrix of forward weights that a layer's transport stands in for, of the transport's shape; undefined where
   * the layer has none.
   *
   * @param sites every layer of the network, from the input to the output.
   * @param index which of them.
   */
  standsFor<T>(ops: TensorOps<T>, sites: readonly Site<T>[], index: number): T | undefined;
}

/** Layer by layer: δ below = e·Mᵀ, where M is the transport of the layer above under that layer's own rule. */
export const sequential: Route = {
  name: "sequential",
  source: "above",
  feedbackShape: (layer) => layer.kernelShape,
  signal: (ops, { above }) =>
    above.layer.backproject(ops, above.rule.transport(ops, above), above.error),
  teaches: (index) => index > 0,
  standsFor: (_ops, sites, index) => sites[index]?.parameters.kernel,
};

/** Straight from the output: δ = e·Bᵀ, where e is what the output sends and B, [units, outputs], the layer's own. */
export const direct: Route = {
  name: "direct",
  source: "output",
  feedbackShape: (layer, outputs, isOutput) =>
    isOutput ? undefined : [sizeOf(layer.outputShape), outputs],
  signal(ops, { below, output }) {
    const message = below.rule.message?.(ops, output) ?? output.error;
    return ops.matMul(message, below.rule.transport(ops, below), { transposeB: true });
  },
  teaches: () => true,
  // The way up from the layer to the output, with the activations between left out: W of the next layer · … · W of the last.
  standsFor(ops, sites, index) {
    const [first, ...rest] = sites.slice(index + 1).map(({ parameters }) => parameters.kernel);
    return first === undefined
      ? undefined
      : rest.reduce((product, kernel) => ops.matMul(product, kernel), first);
  },
};
