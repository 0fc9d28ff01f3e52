import { BioflaxError } from "../errors";
import type { KernelOptions, LayerSpec } from "../layers/specs";
import type { NetworkSpec } from "../network/network";
import { showShape } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import type { OptionNames } from "../option-names";
import type { GivenOptions, Options, OptionValues } from "../options/option";
import { readOptions } from "../options/read-options";
import type { Definition, OpenName } from "../registry";
import type { RuleName } from "../rules/registry";

/** What an architecture is made for. */
export interface ModelOptions {
  /** Shape of one example: [height, width, channels], for `mlp` also a vector [in], for sequences [steps, features]. */
  readonly inputShape: Shape;
  /** How many symbols there are, where an example is their numbers, [steps], whole from 0; only for sequences. */
  readonly symbols?: number;
  /** How many outputs: classes, or numbers. */
  readonly outputs: number;
  /** The learning rule of every layer with a kernel. */
  readonly rule: OpenName<RuleName>;
  /** What else every layer with a kernel is told: initializers, feedbackProjection, clipNorm and the like. */
  readonly layer?: Omit<KernelOptions, "inputs" | "name" | "activation" | "rule" | "useBias">;
}

/** An architecture of the registry: a network for given inputs, outputs and rule, whose output is logits. */
export interface ModelDefinition<O extends Options = Options> extends Definition {
  /** What it is called in prose. */
  readonly title: string;
  /**
   * What it takes: images, [height, width, channels]; sequences, [steps, features], or of symbols, [steps], or images as
   * sequences of rows; or `rows` of numbers, whatever axes lie around them.
   */
  readonly inputs: "rows" | "images" | "sequences";
  /** What it can be told beside {@link ModelOptions}. */
  readonly options: O;
  /** Options it can be had with, as its contract tries them; only those without a default have to be there. */
  readonly examples?: readonly Readonly<Partial<OptionValues<O>>>[];
  /**
   * The network.
   *
   * @throws BioflaxError for an option that is unknown or out of its range, or examples it does not take.
   */
  create(options: ModelOptions & GivenOptions<O>): NetworkSpec;
}

const shared: OptionNames<ModelOptions> = {
  inputShape: true,
  symbols: true,
  outputs: true,
  rule: true,
  layer: true,
};

/**
 * An architecture's definition.
 *
 * @param layers the network's layers, from what all architectures are told and every value of its own options.
 */
export function defineModel<const O extends Options>({
  layers,
  ...facts
}: Omit<ModelDefinition<O>, "create"> & {
  layers(options: ModelOptions & OptionValues<O>): readonly LayerSpec[];
}): ModelDefinition<O> {
  return {
    ...facts,
    create(options) {
      const own = readOptions(facts.name, facts.options, options, shared);
      const { inputShape, symbols, rule } = options;
      if (symbols !== undefined && facts.inputs !== "sequences")
        throw new BioflaxError(
          `${facts.name}: expected examples whose numbers are to be computed with, received those of ${symbols} symbols. Choose a model of sequences.`,
        );
      return { inputShape, rule, layers: layers({ ...options, ...own }) };
    },
  };
}

/** @throws BioflaxError unless the examples are images of at least the size an architecture needs. */
export function expectImage(
  model: string,
  inputShape: Shape,
  least: number,
): readonly [number, number, number] {
  const [height = 0, width = 0] = inputShape;
  if (inputShape.length !== 3 || height < least || width < least)
    throw new BioflaxError(
      `${model}: expected images [height, width, channels] of at least ${least}×${least}, received ${showShape(inputShape)}. ` +
        "Choose a data set of images, or the model mlp.",
    );
  return inputShape as unknown as readonly [number, number, number];
}
