import { type Noise, noiseName } from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import { BioLayer } from "./bio-layer";
import { LayerNoise } from "./layer-noise";
import type { LayerOptions, NoiseOptions } from "./options";

/** A layer a step of which may need random numbers: noise of its rule, or its own. */
export abstract class NoisyLayer extends BioLayer {
  /** The key of its random stream. */
  readonly noiseName: string;
  readonly #firstStep: number;
  #noise: LayerNoise | undefined;

  constructor(options: LayerOptions & NoiseOptions) {
    super(options);
    this.noiseName = options.noiseName ?? this.name;
    this.#firstStep = options.noiseStep ?? 0;
  }

  /** Says what noise a step needs, as soon as that is known. */
  protected needNoise(noise: readonly Noise[]): void {
    const named = noise.map((own, i) => ({ ...own, name: noiseName(this.noiseName, i) }));
    this.#noise = new LayerNoise(named, this.seed, this.#firstStep);
  }

  /** The layer's noise, once it has been built. */
  protected get noise(): LayerNoise {
    return this.#noise as LayerNoise;
  }

  /** Whether there is anything random about a step of the layer's. */
  get usesNoise(): boolean {
    return this.#noise?.isNeeded === true;
  }

  /**
   * The random numbers the layer's next step will use, for so many examples, in the order in which they are needed: new
   * tensors.
   */
  nextNoise(batch = 1): tf.Tensor[] {
    return this.#noise?.at(this.#noise.step, batch) ?? [];
  }

  /** Has the layer's next step use the random numbers that come after so many steps. */
  moveNoiseTo(step: number): void {
    this.#noise?.moveTo(step);
  }

  protected override disposeWeights(): number {
    this.#noise?.dispose();
    return super.disposeWeights();
  }

  override getConfig(): tf.serialization.ConfigDict {
    const noiseStep = this.#noise?.step ?? this.#firstStep;
    return {
      ...super.getConfig(),
      ...(this.noiseName === this.name ? {} : { noiseName: this.noiseName }),
      ...(noiseStep > 0 && this.#noise?.isNeeded !== false ? { noiseStep } : {}),
    };
  }
}
