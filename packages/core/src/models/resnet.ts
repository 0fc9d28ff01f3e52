import type { Conv2dSpec, LayerSpec } from "../layers/specs";
import { defineModel, expectImage, type ModelOptions } from "./model";

/** The layers of a residual network, as they are put one upon another. */
class ResidualLayers {
  readonly layers: LayerSpec[] = [];
  readonly #shared: ModelOptions["layer"];

  constructor(shared: ModelOptions["layer"]) {
    this.#shared = shared;
  }

  /** The index of the layer put on last. */
  get top(): number {
    return this.layers.length - 1;
  }

  /** A convolution without bias, and its normalisation. */
  convolution(options: Pick<Conv2dSpec, "filters" | "kernelSize" | "strides">, from = this.top) {
    this.layers.push(
      {
        type: "conv2d",
        ...options,
        padding: "same",
        useBias: false,
        kernelInitializer: "heNormal",
        ...this.#shared,
        ...(from === this.top ? {} : { inputs: [from] }),
      },
      { type: "batchNormalization", momentum: 0.9, epsilon: 1e-5 },
    );
    return this.top;
  }

  relu(): void {
    this.layers.push({ type: "activation", activation: "relu" });
  }

  /** Two 3×3 convolutions, and their input beside them, projected where the shape changes. */
  block(filters: number, strides: number, changes: boolean): void {
    const input = this.top;
    this.convolution({ filters, kernelSize: 3, strides });
    this.relu();
    const branch = this.convolution({ filters, kernelSize: 3 });
    const shortcut = changes ? this.convolution({ filters, kernelSize: 1, strides }, input) : input;
    this.layers.push({ type: "add", inputs: [branch, shortcut] });
    this.relu();
  }
}

/**
 * A residual network for CIFAR: a convolution of 16 filters and three stages of 16, 32 and 64, each of `blocks` blocks
 * of two, with batch normalisation, global average pooling and the output. Shortcuts project by 1×1 convolutions where
 * the shape changes.
 *
 * He, Zhang, Ren & Sun 2016, "Deep residual learning for image recognition", CVPR, section 4.2.
 *
 * @throws BioflaxError for examples that are not images of at least 8×8.
 */
const resnet = (name: string, title: string, blocks: number) =>
  defineModel({
    name,
    title,
    inputs: "images",
    options: {},
    layers({ inputShape, outputs, layer }) {
      expectImage(name, inputShape, 8);
      const network = new ResidualLayers(layer);
      network.convolution({ filters: 16, kernelSize: 3 });
      network.relu();
      for (const [stage, filters] of [16, 32, 64].entries()) {
        for (let block = 0; block < blocks; block++) {
          const changes = stage > 0 && block === 0;
          network.block(filters, changes ? 2 : 1, changes);
        }
      }
      return [
        ...network.layers,
        { type: "globalAveragePooling2d" },
        { type: "dense", units: outputs, ...layer },
      ];
    },
  });

/** The residual network of 20 layers: three blocks a stage. See {@link resnet}. */
export const resnet20 = resnet("resnet20", "ResNet-20", 3);

/** The residual network of 56 layers: nine blocks a stage. See {@link resnet}. */
export const resnet56 = resnet("resnet56", "ResNet-56", 9);
