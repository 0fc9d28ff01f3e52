import { CompiledNetwork, type Source } from "@bioflax/compiler";
import { createTrainable, delayedErrorsOf, float64Tensor, type Weights } from "@bioflax/core";
import { type Dataset, epochOrder, takeInputs, takeTargets } from "@bioflax/datasets";
import { encodeWeights } from "@bioflax/runs";
import type { Settings } from "../settings/settings";
import { datasetOf, type Given } from "./dataset";
import { type Experiment, exampleShape, experimentOf, optimizerOf } from "./experiment";
import type { BatchTrace, Look, NetworkView, RuleProgress } from "./protocol";
import { matricesOf, traceOf, unitMapsOf } from "./reference";
import { type Space, spaceOf } from "./scene";

/** A rule's network, and what it was made of. */
interface Contender {
  experiment: Experiment;
  network: CompiledNetwork;
}

/** The networks of several rules that learn from the same batches, each from the same weights. */
export class Run {
  #settings: Settings;
  readonly #contenders: readonly Contender[];
  /** Batches of the epoch under way, and how many of its examples have been learnt from. */
  #epoch = 0;
  #taken = 0;
  #order: Int32Array;
  #steps = 0;

  private constructor(
    settings: Settings,
    readonly data: Dataset,
    readonly space: Space | undefined,
    contenders: readonly Contender[],
  ) {
    this.#settings = settings;
    this.#contenders = contenders;
    this.#order = this.#orderOf(0);
  }

  /** @throws BioflaxError for settings that no network can be made of. */
  static async create(settings: Settings, given: Given): Promise<Run> {
    const data = await datasetOf(settings, given);
    const contenders: Contender[] = [];
    for (const rule of settings.rules) {
      const experiment = experimentOf(settings, rule, data);
      contenders.push({ experiment, network: await networkOf(settings, data, experiment) });
    }
    return new Run(settings, data, spaceOf(data), contenders);
  }

  get isClassification(): boolean {
    return this.data.task === "classification";
  }

  /** Steps taken so far. */
  get steps(): number {
    return this.#steps;
  }

  get stepsPerEpoch(): number {
    return Math.ceil(this.#order.length / this.#settings.batchSize);
  }

  /** The network of the first rule, and the loss of all. */
  get first(): Pick<Experiment, "spec" | "loss"> {
    const { spec, loss } = (this.#contenders[0] as Contender).experiment;
    return { spec, loss };
  }

  /** Places of the layers with a kernel. */
  get kernelLayers(): number[] {
    const layers = this.#contenders[0]?.network.network.layers ?? [];
    return layers.flatMap(({ hasKernel }, index) => (hasKernel ? [index] : []));
  }

  #orderOf(epoch: number): Int32Array {
    return epochOrder(this.data.train, { seed: this.#settings.seed, epoch });
  }

  /** Goes on with other live settings, from where each network is. */
  async adjust(settings: Settings): Promise<void> {
    this.#settings = settings;
    for (const contender of this.#contenders) {
      const snapshot = await contender.network.snapshot();
      await contender.network.dispose();
      contender.experiment = { ...contender.experiment, optimizer: optimizerOf(settings) };
      contender.network = await networkOf(settings, this.data, {
        ...contender.experiment,
        ...snapshot,
      });
    }
  }

  /**
   * Takes steps with every network: so many, or fewer where the epoch ends before.
   *
   * @param isAligned whether alignment is measured at the first, which takes another pass.
   */
  async advance(steps: number, isAligned: boolean): Promise<RuleProgress[]> {
    const { batchSize } = this.#settings;
    const rows = this.#order.subarray(this.#taken, this.#taken + steps * batchSize);
    this.#taken += rows.length;
    this.#steps += Math.ceil(rows.length / batchSize);
    const isEpochOver = this.#taken === this.#order.length;
    if (isEpochOver) {
      this.#epoch += 1;
      this.#taken = 0;
      this.#order = this.#orderOf(this.#epoch);
    }
    const { train, test } = this.data;
    const progress: RuleProgress[] = [];
    for (const { network } of this.#contenders) {
      const { losses, alignment } = await network.train(train.examples, rows, {
        alignmentBatches: isAligned ? 1 : 0,
      });
      progress.push({
        losses,
        alignment: alignment[0] ?? {},
        ...(isEpochOver && { test: await network.evaluate(test.examples, test.indices) }),
      });
    }
    return progress;
  }

  /** How the next batch goes through the networks, before they learn from it. */
  async trace(): Promise<BatchTrace[]> {
    const { batchSize, seed } = this.#settings;
    const { train, normalization } = this.data;
    const rows = this.#order.subarray(this.#taken, this.#taken + batchSize);
    const inputs = takeInputs(train.examples, rows, normalization);
    const targets = takeTargets(train.examples, rows);
    const traces: BatchTrace[] = [];
    for (const { experiment, network } of this.#contenders) {
      const { inputShape } = network.network.spec;
      const count = inputs.length / inputShape.reduce((a, b) => a * b, 1);
      const trainable = createTrainable(experiment);
      const { weights, slots } = await network.snapshot();
      const errors = delayedErrorsOf(trainable, count / rows.length, slots);
      const form = this.isClassification ? "labels" : "rows";
      const delayed = errors?.take(train.examples, form, rows);
      const targetShape = this.isClassification ? [count] : [count, targets.length / count];
      const batch = {
        input: float64Tensor(inputs, [count, ...inputShape]),
        target: float64Tensor(targets, targetShape),
        delayed: delayed && float64Tensor(delayed, [count, delayed.length / count]),
      };
      const about = { seed, batchSize: count, stepsTaken: this.#steps };
      traces.push(traceOf(trainable, weights, batch, about));
    }
    return traces;
  }

  /** What the networks are now. */
  async view(look: readonly Look[], drawn: Uint8Array | undefined): Promise<NetworkView[]> {
    const views: NetworkView[] = [];
    for (const { network } of this.#contenders) {
      const weights: Weights = look.length > 0 ? await network.weights() : {};
      const { unitPlaces } = this.space ?? {};
      views.push({
        ...(look.includes("weights") && { layers: matricesOf(network.network, weights) }),
        ...(look.includes("units") &&
          unitPlaces && { units: unitMapsOf(network.network, weights, unitPlaces) }),
        ...(await this.#answersOf(network)),
        ...(drawn && { drawn: await this.#probabilitiesOf(network, drawn) }),
      });
    }
    return views;
  }

  async #answersOf(network: CompiledNetwork): Promise<Partial<NetworkView>> {
    if (this.space === undefined) return {};
    const { scene, places } = this.space;
    const answers = await network.predict(places, everyRow(places.count));
    if (scene.kind === "line") return { answers };
    const regions = regionsOf(answers, this.data.outputs);
    return scene.kind === "plane" ? { regions } : { told: regions.classes };
  }

  async #probabilitiesOf(network: CompiledNetwork, pixels: Uint8Array): Promise<Float32Array> {
    const one: Source = { inputs: pixels, targets: Int32Array.of(0), count: 1 };
    return softmax(await network.predict(one, everyRow(1)));
  }

  /** Which rule a network learns by. */
  ruleAt(place: number): string {
    return this.#settings.rules[place] as string;
  }

  /** The weights of a network as a file. */
  async weightsFile(rule: number): Promise<Uint8Array> {
    const { network } = this.#contenders[rule] as Contender;
    return encodeWeights(network.network, await network.weights());
  }

  async dispose(): Promise<void> {
    for (const { network } of this.#contenders) await network.dispose();
  }
}

/** A network ready to train: from an experiment's weights, or from where a snapshot left it. */
function networkOf(
  settings: Settings,
  data: Dataset,
  made: Experiment & { readonly slots?: Weights; readonly stepsTaken?: number },
): Promise<CompiledNetwork> {
  const { targetShape, normalization } = data;
  return CompiledNetwork.create({
    ...made,
    layout: { inputShape: exampleShape(settings, data), targetShape, normalization },
    batchSize: settings.batchSize,
    seed: settings.seed,
    // A page needs no headers for one, and the same settings give the same bits.
    threads: 1,
  });
}

const everyRow = (count: number) => Int32Array.from({ length: count }, (_, row) => row);

/** Probabilities of logits. */
function softmax(logits: Float32Array): Float32Array {
  const largest = logits.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY);
  const parts = logits.map((x) => Math.exp(x - largest));
  const total = parts.reduce((sum, x) => sum + x, 0);
  return parts.map((x) => x / total);
}

/** The class of the largest logit at each place, and its probability, brought from [1/classes, 1] to [0, 1]. */
function regionsOf(logits: Float32Array, classes: number): NonNullable<NetworkView["regions"]> {
  const count = logits.length / classes;
  const found = { classes: new Uint8Array(count), sureness: new Float32Array(count) };
  for (let place = 0; place < count; place++) {
    const own = softmax(logits.subarray(place * classes, (place + 1) * classes));
    const largest = own.reduce((most, x) => Math.max(most, x), 0);
    found.classes[place] = own.indexOf(largest);
    found.sureness[place] = (largest - 1 / classes) / (1 - 1 / classes);
  }
  return found;
}
