import type { LayerSpec } from "../layers/specs";
import { defineModel, expectImage, type ModelOptions } from "./model";

/** Stages of inverted residuals: by how much they widen, their filters, how many there are, the first one's strides. */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 1],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** A multiple of 8 filters close to as many, and not below nine tenths of it, as the authors' code has them. */
function filtersOf(count: number): number {
  const rounded = Math.max(8, Math.floor((count + 4) / 8) * 8);
  return rounded < 0.9 * count ? rounded + 8 : rounded;
}

/** The layers of a network of inverted residuals, as they are put one upon another. */
class InvertedResiduals {
  readonly layers: LayerSpec[] = [];
  readonly #shared: ModelOptions["layer"];

  constructor(shared: ModelOptions["layer"]) {
    this.#shared = shared;
  }

  #normalized(isActive: boolean): void {
    this.layers.push({ type: "batchNormalization", momentum: 0.9, epsilon: 1e-5 });
    if (isActive) this.layers.push({ type: "activation", activation: "relu6" });
  }

  convolution(filters: number, kernelSize: number, isActive = true): void {
    this.layers.push({
      ...{ type: "conv2d", filters, kernelSize, padding: "same", useBias: false },
      ...{ kernelInitializer: "heNormal", ...this.#shared },
    });
    this.#normalized(isActive);
  }

  #depthwise(strides: number): void {
    this.layers.push({
      ...{ type: "depthwiseConv2d", kernelSize: 3, strides, padding: "same", useBias: false },
      ...{ kernelInitializer: "heNormal", ...this.#shared },
    });
    this.#normalized(true);
  }

  /** Widened by 1×1, seen channel by channel, narrowed by 1×1; with the input beside it where the shapes are the same. */
  block(channels: number, widening: number, filters: number, strides: number): void {
    const input = this.layers.length - 1;
    if (widening > 1) this.convolution(widening * channels, 1);
    this.#depthwise(strides);
    this.convolution(filters, 1, false);
    if (strides === 1 && channels === filters)
      this.layers.push({ type: "add", inputs: [this.layers.length - 1, input] });
  }
}

/**
 * MobileNetV2 as it is made for images of CIFAR's size, with the first two strides left out: a convolution of 32
 * filters, seventeen inverted residuals with linear bottlenecks, a 1×1 convolution of 1280, global average pooling and
 * the output, with batch normalisation and relu6.
 *
 * Sandler, Howard, Zhu, Zhmoginov & Chen 2018, "MobileNetV2: inverted residuals and linear bottlenecks", CVPR, table 2.
 *
 * @throws BioflaxError for examples that are not images of at least 8×8.
 */
export const mobilenetV2 = defineModel({
  name: "mobilenetV2",
  title: "MobileNetV2",
  inputs: "images",
  options: {
    widthMultiplier: {
      type: "number",
      default: 1,
      above: 0,
      doc: "how many times as many filters each layer has",
    },
  },
  examples: [{ widthMultiplier: 0.25 }],
  layers({ inputShape, outputs, layer, widthMultiplier }) {
    expectImage("mobilenetV2", inputShape, 8);
    const network = new InvertedResiduals(layer);
    let channels = filtersOf(32 * widthMultiplier);
    network.convolution(channels, 3);
    for (const [widening, count, blocks, strides] of STAGES) {
      const filters = filtersOf(count * widthMultiplier);
      for (let block = 0; block < blocks; block++) {
        network.block(channels, widening, filters, block === 0 ? strides : 1);
        channels = filters;
      }
    }
    network.convolution(filtersOf(1280 * Math.max(1, widthMultiplier)), 1);
    return [
      ...network.layers,
      { type: "globalAveragePooling2d" },
      { type: "dense", units: outputs, ...layer },
    ];
  },
});
