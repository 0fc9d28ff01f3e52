import {
  type KernelFreeLayer,
  type KernelFreeLayerSpec,
  type LayerDefinition,
  type LayerWeight,
  layerOf,
  type ParameterRole,
  type Shape,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { type Kwargs, oneShape } from "../base/bio-layer";
import { tellDecay } from "../base/decay";
import { DynamicDefinition } from "../base/dynamic-extents";
import { NoisyLayer } from "../base/noisy-layer";
import type { InitializerOption, LayerOptions, NoiseOptions } from "../base/options";
import { type ResolvedInitializer, resolveInitializer } from "../base/resolve-options";
import { tfOps } from "../ops/tf-ops";
import { useKernelFreeLayer } from "./apply-kernel-free-layer";

/** Options that all layers without a kernel share. */
export interface KernelFreeLayerOptions extends LayerOptions, NoiseOptions {}

/** The names TensorFlow.js has for weights. */
export const tfWeightNames: Readonly<Partial<Record<ParameterRole, string>>> = {
  movingMean: "moving_mean",
  movingVariance: "moving_variance",
};

type Variables = { [Role in ParameterRole]?: tf.LayerVariable };

/**
 * A layer without a kernel: errors cross it by its own derivative, whatever rule the layers around it have.
 *
 * A call with `{ training: true }` is a step of the layer's: noise goes on to the next step's, and moving statistics
 * follow, unless the layer is frozen, which then normalises with them as in inference.
 */
export abstract class BaseKernelFreeLayer extends NoisyLayer {
  readonly #kind: LayerDefinition;
  readonly #spec: KernelFreeLayerSpec;
  readonly #axes: number | undefined;
  readonly #initializers: Readonly<Record<string, ResolvedInitializer>>;
  readonly #variables: Variables = {};
  #layer: DynamicDefinition<KernelFreeLayer> | undefined;

  /**
   * @param kind its maths: not looked up by its name, so that a page with some kinds of layers has no others.
   * @param spec the layer as core has it, without its initializers.
   * @param probe an example that is large enough for any such layer, to check options with before the input is known.
   * @param axes how many axes an example has; any number when left out.
   * @param initializers how its weights start, by option.
   */
  constructor(
    options: KernelFreeLayerOptions,
    spec: KernelFreeLayerSpec,
    {
      kind,
      probe,
      axes,
      initializers = {},
    }: {
      readonly kind: LayerDefinition;
      readonly probe: Shape;
      readonly axes?: number;
      readonly initializers?: Readonly<Record<string, InitializerOption>>;
    },
  ) {
    super(options);
    const given = Object.entries(spec).filter(([, value]) => value != null);
    this.#spec = Object.fromEntries(given) as unknown as KernelFreeLayerSpec;
    this.#kind = kind;
    this.#axes = axes;
    if (axes !== undefined) this.inputSpec = [{ ndim: axes + 1 }];
    this.explaining(() => layerOf(kind, this.#spec, probe));
    this.#initializers = this.explaining(() =>
      Object.fromEntries(
        Object.entries(initializers).map(([option, value]) => [
          option,
          resolveInitializer(option, value),
        ]),
      ),
    );
  }

  /** The layer's maths. @throws BioflaxError when it has not been built yet. */
  get definition(): KernelFreeLayer {
    return this.#definitions.any;
  }

  /** Whether the input has extents that are not known till the layer is used. */
  get isDynamic(): boolean {
    return this.#definitions.isDynamic;
  }

  get #definitions(): DynamicDefinition<KernelFreeLayer> {
    return this.#layer ?? this.fail("its input is not known yet; apply it to one first.");
  }

  /** The layer as plain JSON, as core has it. */
  get spec(): KernelFreeLayerSpec {
    const known = Object.entries(this.#initializers).flatMap(([option, { spec }]) =>
      spec === undefined ? [] : [[option, spec]],
    );
    return { ...this.#spec, ...Object.fromEntries(known) };
  }

  /** The layer's weights by role, as variables. */
  get variables(): Readonly<Variables> {
    return this.#variables;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const axes = this.#axes ?? oneShape(inputShape).length - 1;
    const example = this.dynamicAxes(inputShape, axes);
    if (this.#layer === undefined) {
      const definitions = this.explaining(
        () =>
          new DynamicDefinition(
            example,
            (shape) => layerOf(this.#kind, this.#spec, shape) as KernelFreeLayer,
          ),
      );
      if (!definitions.isSettled(example, ({ weights }) => weights.map(({ shape }) => shape)))
        this.fail(
          `it has weights of its input's extents, and those of [${oneShape(inputShape).map(String).join(", ")}] are not known. Give the model an inputShape in full` +
            `${this.#spec.type === "prelu" ? ", or share the slopes along those axes, with sharedAxes" : ""}.`,
        );
      if (!definitions.isSettled(example, (own) => (own.noise ?? []).map(({ shape }) => shape)))
        this.fail(
          `it draws numbers of its input's extents, and those of [${oneShape(inputShape).map(String).join(", ")}] are not known. ` +
            "Give the model an inputShape in full, or use TensorFlow.js's own layer of this kind.",
        );
      this.#layer = definitions;
      const layer = definitions.any;
      this.needNoise(layer.noise ?? []);
      for (const weight of layer.weights) this.#addVariable(weight);
    }
    this.built = true;
  }

  #addVariable({ role, shape, learns, decays, initializer }: LayerWeight): void {
    const resolved =
      this.#initializers[`${role}Initializer`] ?? resolveInitializer(role, initializer);
    const variable = this.addWeight(
      tfWeightNames[role] ?? role,
      [...shape],
      "float32",
      resolved.create(this.seed, `${this.name}.${role}`),
      undefined,
      learns,
    );
    tellDecay(variable, decays);
    this.#variables[role] = variable;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [batch, ...example] = oneShape(inputShape) as [number | null, ...tf.Shape];
    return [batch, ...this.#definitions.outputShape(example)];
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    return tf.tidy(() => {
      this.invokeCallHook(inputs, kwargs);
      this.refuseMask(this.#kind, kwargs);
      const input = this.inputOf(inputs);
      const parameters = Object.fromEntries(
        Object.entries(this.#variables).map(([role, variable]) => [role, variable.read()]),
      );
      const layer = this.#definitions.of(input.shape.slice(1));
      // What is frozen is as in inference, as it is in Keras since 2.1.3 (a layer with weights: dropout goes on).
      const isFrozen = layer.weights.length > 0 && this.isFrozen;
      const training = kwargs?.training === true && !isFrozen;
      // With moving statistics the output has another derivative than in training, which TensorFlow.js finds by itself.
      if (!training && layer.weights.length > 0)
        return layer.forward<tf.Tensor>(tfOps, parameters, input, false).output;
      const { noise } = this;
      const batch = input.shape[0] as number;
      const step = training ? noise.advance(batch) : undefined;
      const { output, updates } = useKernelFreeLayer(input, {
        layer,
        parameters,
        training,
        noise: () => (step === undefined ? [] : noise.at(step, batch)),
      });
      for (const [role, value] of updates) this.#variables[role]?.write(value);
      return output;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { type, ...options } = this.#spec;
    const initializers = Object.entries(this.#initializers).map(([option, { config }]) => [
      option,
      config,
    ]);
    return {
      ...super.getConfig(),
      ...(options as object),
      ...Object.fromEntries(initializers),
    };
  }
}
