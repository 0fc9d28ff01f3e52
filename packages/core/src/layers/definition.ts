import type { ActivationName } from "../activations/registry";
import type { Shape } from "../ops/tensor-ops";
import { checkOptionNames } from "../option-names";
import type { GivenOptions, Options, OptionValues } from "../options/option";
import { readOptions } from "../options/read-options";
import type { Definition } from "../registry";
import { kernelFreeLayer } from "./kernel-free-layer";
import { kernelLayer, type LinearMap } from "./kernel-layer";
import type { Joint, KernelFreeLayer, Layer } from "./layer";
import { kernelOptionNames, placedNames } from "./option-names";
import type {
  KernelFreeLayerSpec,
  KernelLayerSpec,
  KernelOptions,
  LayerSpec,
  Placed,
} from "./specs";

/** A kind of layer of the registry, called by the `type` of its specs. */
export interface LayerDefinition<Spec extends object = never> extends Definition {
  /** Whether it has a kernel, and so a rule. */
  readonly hasKernel: boolean;
  /** The activation of its layers where none is named; `identity` when left out. */
  readonly activation?: ActivationName;
  /** Whether its layers have a bias where that is not said; true when left out. */
  readonly useBias?: boolean;
  /** Shape of a small example that a layer of this kind takes, whatever its options: contracts try it on that. */
  readonly probe: Shape;
  /**
   * Shape of an example that is large enough for any such layer, with its options: they are checked on it before the
   * input is known; `probe` when left out.
   */
  largest?(spec: Spec): Shape;
  /** Whether an example may have any number of axes, the last being the units or channels. */
  readonly anyRank?: true;
  /** Whether what it makes of a step of a sequence depends on others, so that none can be passed over where masked. */
  readonly mixesSteps?: true;
  /** Whether it takes several inputs, of one shape, and is handed their sum. */
  readonly joins?: true;
  /**
   * How several inputs are put together, of a layer that takes some that are not of one shape.
   *
   * @throws BioflaxError for inputs that do not go together.
   */
  joint?(spec: Spec, inputShapes: readonly Shape[]): Joint;
  /** The options its specs may have, by name, with `type`, `name` and `inputs`. */
  readonly optionNames: Readonly<Record<string, unknown>>;
  /** Options it can be had with, as its contract tries them. */
  readonly examples: readonly ([Spec] extends [never] ? object : Omit<Spec, "type">)[];
  /**
   * The layer of a spec.
   *
   * @param inputShape shape of one example, without the batch.
   * @throws BioflaxError for a spec it refuses, or an input that does not fit it.
   */
  create(spec: Spec, inputShape: Shape): Layer;
}

/**
 * The layer of a kind that a spec describes.
 *
 * @param definition of the spec's `type`.
 * @param inputShape shape of one example of its one input, without the batch.
 * @throws BioflaxError for an option that layers of the kind do not take, a spec it refuses, or an input that does not fit it.
 */
export function layerOf(definition: LayerDefinition, spec: LayerSpec, inputShape: Shape): Layer {
  checkOptionNames(spec.type, spec, definition.optionNames);
  return definition.create(spec as never, inputShape);
}

/** The spec of a layer of one's own: its type and options. */
export type CustomLayerSpec<O extends Options = Options> = Placed & {
  readonly type: string;
} & GivenOptions<O>;

/** What makes a kind of layers without a kernel, for {@link defineLayer}. */
export interface OwnLayer<O extends Options>
  extends Definition,
    Pick<LayerDefinition, "probe" | "anyRank" | "mixesSteps"> {
  /** What its specs can tell it beside `name` and `inputs`. */
  readonly options: O;
  /** Options its contract tries; only those without a default have to be there. One without any when left out. */
  readonly examples?: readonly GivenOptions<O>[];
  /**
   * Its maths.
   *
   * @param options every option's value, within its range.
   * @throws BioflaxError for values that do not go together, or an input that does not fit.
   */
  maths(
    options: OptionValues<O>,
    inputShape: Shape,
  ): Pick<KernelFreeLayer, "forward" | "backward"> &
    Partial<Pick<KernelFreeLayer, "outputShape" | "weights" | "noise">>;
}

/** What makes a kind of layers with a kernel, for {@link defineKernelLayer}. */
export interface OwnKernelLayer<O extends Options>
  extends Definition,
    Pick<LayerDefinition, "probe" | "anyRank" | "mixesSteps"> {
  /** What its specs can tell it beside what all layers with a kernel take: activation, useBias, rule and so on. */
  readonly options: O;
  /** Options its contract tries; only those without a default have to be there. One without any when left out. */
  readonly examples?: readonly GivenOptions<O>[];
  /** The linear map y = x·W that it is, with its two transposes. @throws BioflaxError as {@link OwnLayer.maths}. */
  map(options: OptionValues<O>, inputShape: Shape): LinearMap;
}

/**
 * A kind of layers without a kernel, for `layers.add` or a network's spec.
 *
 * @example
 * const halve = defineLayer({
 *   name: "halve",
 *   options: { by: { type: "number", default: 2, above: 0, doc: "what it is divided by" } },
 *   probe: [3],
 *   anyRank: true,
 *   maths: ({ by }) => ({
 *     forward: (ops, _parameters, input) => ({ input, output: ops.mul(input, 1 / by) }),
 *     backward: (ops, _parameters, _residuals, delta) => ({ input: ops.mul(delta, 1 / by) }),
 *   }),
 * });
 */
export function defineLayer<const O extends Options>(
  own: OwnLayer<O>,
): LayerDefinition<CustomLayerSpec<O>> {
  const { options, examples = [{} as GivenOptions<O>], maths, ...facts } = own;
  const what = `Layer "${own.name}"`;
  return {
    ...facts,
    hasKernel: false,
    optionNames: { ...placedNames, ...options },
    examples: examples as never,
    create: (spec, inputShape) =>
      kernelFreeLayer(
        spec as unknown as KernelFreeLayerSpec,
        inputShape,
        maths(readOptions(what, options, spec, placedNames), inputShape),
      ),
  };
}

/** A kind of layers with a kernel, for `layers.add` or a network's spec: any linear map, under any rule. */
export function defineKernelLayer<const O extends Options>(
  own: OwnKernelLayer<O>,
): LayerDefinition<CustomLayerSpec<O> & Omit<KernelOptions, keyof Placed>> {
  const { options, examples = [{} as GivenOptions<O>], map, ...facts } = own;
  const what = `Layer "${own.name}"`;
  return {
    ...facts,
    hasKernel: true,
    optionNames: { ...kernelOptionNames, ...options },
    examples: examples as never,
    create: (spec, inputShape) =>
      kernelLayer(
        spec as unknown as KernelLayerSpec,
        map(readOptions(what, options, spec, kernelOptionNames), inputShape),
      ),
  };
}
