import type { Conv1dSpec, LayerSpec } from "../layers/specs";
import { defineModel, type ModelOptions } from "./model";
import { asSequence } from "./sequences";

/** The layers of a transformer, as they are put one upon another. */
class TransformerLayers {
  readonly layers: LayerSpec[];
  readonly #shared: ModelOptions["layer"];

  constructor(layers: readonly LayerSpec[], shared: ModelOptions["layer"]) {
    this.layers = [...layers];
    this.#shared = shared;
  }

  /** A dense layer of each step. */
  eachStep(filters: number, more: Pick<Conv1dSpec, "activation"> = {}): void {
    this.layers.push({ type: "conv1d", filters, kernelSize: 1, ...more, ...this.#shared });
  }

  /** A branch, normalised, added to what it begins from. */
  residual(branch: () => void): void {
    const from = this.layers.length - 1;
    branch();
    this.layers.push({ type: "layerNormalization" });
    this.layers.push({ type: "add", inputs: [this.layers.length - 1, from] });
  }
}

/**
 * A transformer: an embedding of symbols, or a dense layer of each step's features, with a learnt vector for each
 * position; blocks of self-attention and of two dense layers of each step, relu between them, each a normalised branch
 * beside its input; and the output, a dense layer of the last step.
 *
 * Vaswani et al. 2017, "Attention is all you need", NeurIPS 30, section 3. Branches are normalised at their end, x +
 * LN(f(x)), as by Liu et al. 2022, "Swin Transformer V2", CVPR, section 3.2: there each normalisation follows a layer
 * with a kernel, whose errors it shares, so that errors straight from the output reach it, too. Those arrive at each
 * dense layer by itself, and for the one that makes queries, keys and values after the attention. Launay, Poli, Boniface
 * & Krzakala 2020, "Direct feedback alignment scales to modern deep learning tasks and architectures", NeurIPS 33,
 * section 3.4, have one arrive for both layers around an attention, behind the second, whose kernel takes it back to the
 * first.
 */
export const transformer = defineModel({
  name: "transformer",
  title: "self-attention and dense layers of each step, in blocks",
  inputs: "sequences",
  options: {
    /** Blocks, one upon another; 2. */
    blocks: {
      type: "number",
      default: 2,
      from: 1,
      whole: true,
      doc: "blocks of attention and two dense layers of each step",
    },
    /** Heads of each attention; 4. */
    heads: { type: "number", default: 4, from: 1, whole: true, doc: "heads of each attention" },
    /** Numbers of a query, key or value of each head; heads times as many for each step between layers; 16. */
    headUnits: {
      type: "number",
      default: 16,
      from: 1,
      whole: true,
      doc: "numbers of a head's queries, keys and values; between layers a step has heads times as many",
    },
    /** Units of the first of a block's two dense layers; 128. */
    feedForwardUnits: {
      type: "number",
      default: 128,
      from: 1,
      whole: true,
      doc: "units between a block's two dense layers",
    },
    /** Whether a step sees only itself and those before it; false. */
    causal: {
      type: "flag",
      default: false,
      doc: "whether a step sees only itself and those before it",
    },
  },
  layers({ blocks, heads, headUnits, feedForwardUnits, causal, ...options }): LayerSpec[] {
    const units = heads * headUnits;
    const { layer, outputs } = options;
    const { steps, layers, isEmbedded } = asSequence("transformer", options, units);
    const network = new TransformerLayers(layers, layer);
    if (!isEmbedded) network.eachStep(units);
    network.layers.push({ type: "positionEmbedding" });
    for (let block = 0; block < blocks; block++) {
      network.residual(() => {
        network.eachStep(3 * units);
        network.layers.push({ type: "attention", heads, causal });
        network.eachStep(units);
      });
      network.residual(() => {
        network.eachStep(feedForwardUnits, { activation: "relu" });
        network.eachStep(units);
      });
    }
    return [
      ...network.layers,
      { type: "cropping1d", cropping: [steps - 1, 0] },
      { type: "flatten" },
      { type: "dense", units: outputs, activation: "identity", ...layer },
    ];
  },
});
