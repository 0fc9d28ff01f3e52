import { CompiledNetwork, type Source } from "@bioflax/compiler";
import { type ParameterRole, sizeOf } from "@bioflax/core";
import { type Dataset, epochOrder } from "@bioflax/datasets";
import type { Settings } from "../settings/settings";
import { datasetOf, experimentOf } from "./experiment";
import type { LayerMatrices, Matrix, NetworkView, RuleProgress } from "./protocol";
import { type Space, spaceOf } from "./scene";

/** The networks of several rules that learn from the same batches, each from the same weights. */
export class Run {
  readonly #settings: Settings;
  readonly #networks: readonly CompiledNetwork[];
  /** Batches of the epoch under way, and how many of its examples have been learnt from. */
  #epoch = 0;
  #taken = 0;
  #order: Int32Array;

  private constructor(
    settings: Settings,
    readonly data: Dataset,
    readonly space: Space | undefined,
    networks: readonly CompiledNetwork[],
  ) {
    this.#settings = settings;
    this.#networks = networks;
    this.#order = this.#orderOf(0);
  }

  /** @throws BioflaxError for settings that no network can be made of. */
  static async create(settings: Settings): Promise<Run> {
    const data = datasetOf(settings);
    const { inputShape, targetShape } = data;
    const networks: CompiledNetwork[] = [];
    for (const rule of settings.rules)
      networks.push(
        await CompiledNetwork.create({
          ...experimentOf(settings, rule, data),
          layout: { inputShape, targetShape },
          batchSize: settings.batchSize,
          seed: settings.seed,
          // A page needs no headers for one, and the same settings give the same bits.
          threads: 1,
        }),
      );
    return new Run(settings, data, spaceOf(data), networks);
  }

  get isClassification(): boolean {
    return this.data.task === "classification";
  }

  get stepsPerEpoch(): number {
    return Math.ceil(this.#order.length / this.#settings.batchSize);
  }

  #orderOf(epoch: number): Int32Array {
    return epochOrder(this.data.train, { seed: this.#settings.seed, epoch });
  }

  /** Takes steps with every network: so many, or fewer where the epoch ends before. */
  async advance(steps: number): Promise<RuleProgress[]> {
    const rows = this.#order.subarray(this.#taken, this.#taken + steps * this.#settings.batchSize);
    this.#taken += rows.length;
    const isEpochOver = this.#taken === this.#order.length;
    if (isEpochOver) {
      this.#epoch += 1;
      this.#taken = 0;
      this.#order = this.#orderOf(this.#epoch);
    }
    const { train, test } = this.data;
    const progress: RuleProgress[] = [];
    for (const network of this.#networks) {
      const { losses, alignment } = await network.train(train.examples, rows, {
        alignmentBatches: 1,
      });
      progress.push({
        losses,
        alignment: alignment[0] ?? {},
        ...(isEpochOver && { test: await network.evaluate(test.examples, test.indices) }),
      });
    }
    return progress;
  }

  /** What the networks are now. */
  async view(): Promise<NetworkView[]> {
    const views: NetworkView[] = [];
    for (const network of this.#networks)
      views.push({ layers: await matricesOf(network), ...(await this.#answersOf(network)) });
    return views;
  }

  async #answersOf(network: CompiledNetwork): Promise<Partial<NetworkView>> {
    if (this.space === undefined) return {};
    const { scene, places } = this.space;
    const answers = await network.predict(places as Source, everyRow(places.count));
    return scene.kind === "line" ? { answers } : { regions: regionsOf(answers, this.data.outputs) };
  }

  async dispose(): Promise<void> {
    for (const network of this.#networks) await network.dispose();
  }
}

const everyRow = (count: number) => Int32Array.from({ length: count }, (_, row) => row);

async function matricesOf(network: CompiledNetwork): Promise<LayerMatrices[]> {
  const weights = await network.weights();
  const { layers, parameters } = network.network;
  return layers.map((_, index) => {
    const matrix = (role: ParameterRole): Matrix | undefined => {
      const name = `layers.${index}.${role}`;
      const shape = parameters.find((parameter) => parameter.name === name)?.shape;
      if (shape === undefined) return undefined;
      const columns = shape.at(-1) as number;
      return { rows: sizeOf(shape) / columns, columns, values: weights[name] as Float32Array };
    };
    const feedback = matrix("feedback");
    return { kernel: matrix("kernel") as Matrix, ...(feedback && { feedback }) };
  });
}

/** The class of the largest logit at each place, and its probability, brought from [1/classes, 1] to [0, 1]. */
function regionsOf(logits: Float32Array, classes: number): NonNullable<NetworkView["regions"]> {
  const count = logits.length / classes;
  const found = { classes: new Uint8Array(count), sureness: new Float32Array(count) };
  for (let place = 0; place < count; place++) {
    const own = logits.subarray(place * classes, (place + 1) * classes);
    const largest = own.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY);
    const total = own.reduce((sum, x) => sum + Math.exp(x - largest), 0);
    found.classes[place] = own.indexOf(largest);
    found.sureness[place] = (1 / total - 1 / classes) / (1 - 1 / classes);
  }
  return found;
}
