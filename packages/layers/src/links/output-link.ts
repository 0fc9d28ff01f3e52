import { BioflaxError, checkOptionNames } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { outputUnitsNames } from "../base/option-names";
import type { OutputUnits } from "../base/options";

let uses = 0;

/** The number of a use of a layer, from 1 on: uses are counted over all layers, in the order of the forward passes. */
export function numberUse(): number {
  uses += 1;
  return uses;
}

/** What an output layer tells the layers that learn from it, [rows, outputs], while a backward pass runs. */
export interface PublishedSignals {
  /** The number of the use that tells it, and of the one of the same layer before it; 0 when that was the first. */
  readonly use: { readonly number: number; readonly before: number };
  /** The error at the output's pre-activation. TensorFlow.js disposes it with the pass. */
  readonly error: tf.Tensor;
  /** The target's signal: a new tensor. @throws BioflaxError when the loss left none. */
  target(): tf.Tensor;
  /**
   * What examples are weighted by, [rows, 1] or of several outputs [rows, outputs], a new tensor; undefined where they
   * are not, or the loss does not tell.
   */
  weights(): tf.Tensor | undefined;
}

/** Where errors come from that go straight to hidden layers: an output layer. */
export interface ErrorSource {
  readonly name: string;
  readonly units: number;
  /** Those of the backward pass that runs, or ran last. */
  readonly signals: PublishedSignals | undefined;
}

/** A layer that takes errors straight from output layers. */
export interface FeedbackTarget {
  /** The output layers, as far as they are known. */
  readonly sources: readonly ErrorSource[];
  /**
   * Has the layer learn from an output layer, beside those it learns from already; models call it as they are put
   * together.
   *
   * @param isAttached whether the way from the layer to that output layer is still there.
   * @throws BioflaxError when it was told another size.
   */
  learnFrom(source: ErrorSource, isAttached: () => boolean): void;
}

/** Whether a layer takes errors straight from an output layer. */
export function isFeedbackTarget(layer: object | undefined): layer is FeedbackTarget {
  return layer !== undefined && "learnFrom" in layer;
}

/** Whether a layer is an output layer that others take errors from. */
export function isSource(layer: object | undefined): layer is ErrorSource {
  return layer !== undefined && "signals" in layer;
}

/**
 * Whether an output layer tells something, in the backward pass that runs, of a use of a layer that leads to it: where
 * layers are used several times in a pass, its first use after that one does.
 */
export function isTelling(
  { signals }: { readonly signals: Pick<PublishedSignals, "error" | "use"> | undefined },
  use: number,
): boolean {
  if (signals === undefined || signals.error.isDisposed) return false;
  return signals.use.before <= use && use < signals.use.number;
}

/**
 * Whether a layer still takes what a layer below it gives out: `pop` of a `tf.Sequential` has the one below forget the
 * layer that it takes off.
 */
export function isAttached({ inboundNodes }: tf.layers.Layer): boolean {
  // A model has a node of its own, without anything below.
  const uses = inboundNodes.filter(({ inboundLayers }) => inboundLayers.length > 0);
  return (
    uses.length === 0 ||
    uses.some((node) =>
      node.inboundLayers.every(({ outboundNodes }) => outboundNodes.includes(node)),
    )
  );
}

/** The layer that the feedback weights belong to. */
export interface LinkedLayer {
  readonly name: string;
  /** Adds feedback weights for so many outputs, as soon as their other extents are known. */
  addFeedback(weight: string, units: number): tf.LayerVariable | undefined;
  /** Takes feedback weights off again. */
  removeFeedback(variable: tf.LayerVariable): void;
}

interface Link {
  /** The output layer's name, where it was told or is known. */
  readonly name: string | undefined;
  readonly units: number;
  readonly weight: string;
  readonly source: ErrorSource | undefined;
  readonly isAttached: () => boolean;
  readonly feedback: tf.LayerVariable | undefined;
}

/**
 * What connects a layer to the output layers it learns from, with feedback weights for each.
 *
 * Several count as one whose outputs lie side by side: so do their errors and their feedback weights. One that has no
 * part in a loss has no error.
 */
export class OutputLinks {
  readonly #layer: LinkedLayer;
  #links: readonly Link[];

  /**
   * @param layer the layer that learns.
   * @param outputUnits units of the output layer, or of each, if they are known.
   * @throws BioflaxError when they are not positive whole numbers.
   */
  constructor(layer: LinkedLayer, outputUnits: number | readonly OutputUnits[] | null | undefined) {
    this.#layer = layer;
    const told = typeof outputUnits === "number" ? [{ units: outputUnits }] : (outputUnits ?? []);
    if (!Array.isArray(told)) this.#refuseUnits(outputUnits);
    this.#links = [];
    for (const entry of told)
      checkOptionNames(`Layer "${layer.name}": outputUnits`, entry, outputUnitsNames);
    for (const { name, units, weight } of told as readonly Partial<OutputUnits>[]) {
      if (!(Number.isInteger(units) && (units as number) > 0)) this.#refuseUnits(units);
      this.#add({
        name,
        units: units as number,
        weight,
        source: undefined,
        isAttached: () => true,
      });
    }
  }

  #refuseUnits(received: unknown): never {
    this.#fail(`expected outputUnits to be a positive whole number, received ${received}.`);
  }

  #fail(message: string): never {
    throw new BioflaxError(`Layer "${this.#layer.name}": ${message}`);
  }

  #add({
    weight,
    ...link
  }: Omit<Link, "feedback" | "weight"> & { weight?: string | undefined }): void {
    const isFree = this.#links.every((other) => other.weight !== "feedback");
    const name = weight ?? (isFree ? "feedback" : `${link.name}/feedback`);
    this.#links = [...this.#links, { ...link, weight: name, feedback: undefined }];
  }

  /** The output layers, as far as they are known. */
  get sources(): readonly ErrorSource[] {
    return this.#links.flatMap(({ source }) => (source === undefined ? [] : [source]));
  }

  /** How many outputs there are, and of which layers, as it is saved; undefined where that is not known. */
  get outputUnits(): number | readonly OutputUnits[] | undefined {
    const [first, ...others] = this.#links;
    if (first === undefined) return undefined;
    if (others.length === 0 && first.weight === "feedback") return first.units;
    return this.#links.map(({ name = "", units, weight }) => ({ name, units, weight }));
  }

  /** Adds the feedback weights that are still missing. */
  addFeedback(): void {
    this.#links = this.#links.map((link) =>
      link.feedback === undefined
        ? { ...link, feedback: this.#layer.addFeedback(link.weight, link.units) }
        : link,
    );
  }

  /** The feedback weights of each output layer. */
  get variables(): readonly {
    readonly source: ErrorSource | undefined;
    readonly variable: tf.LayerVariable;
  }[] {
    return this.#links.flatMap(({ source, feedback }) =>
      feedback === undefined ? [] : [{ source, variable: feedback }],
    );
  }

  /** The feedback weights as they are, those of all outputs side by side: a new tensor where there are several. */
  feedback(): tf.Tensor | undefined {
    const values = this.variables.map(({ variable }) => variable.read());
    return values.length > 1 ? tf.concat(values, -1) : values[0];
  }

  /**
   * Takes an output layer up. Those that have been taken off their model are let go, with their feedback weights.
   *
   * @throws BioflaxError when its size is not the one that was given.
   */
  connect(source: ErrorSource, attached: () => boolean): void {
    const gone = this.#links.filter(
      (link) => link.source !== undefined && link.source !== source && !link.isAttached(),
    );
    for (const { feedback } of gone)
      if (feedback !== undefined) this.#layer.removeFeedback(feedback);
    this.#links = this.#links.filter((link) => !gone.includes(link));
    const waiting = this.#links.filter((link) => link.source === undefined);
    const own =
      this.#links.find((link) => link.source === source) ??
      waiting.find(({ name }) => name === source.name) ??
      waiting.find(({ name }) => name === undefined);
    if (own === undefined) {
      const { name, units } = source;
      this.#add({ name, units, source, isAttached: attached });
      return;
    }
    if (own.units !== source.units)
      this.#fail(
        `expected outputUnits to be those of its output layer "${source.name}", ${source.units}, received ${own.units}.`,
      );
    const taken = { ...own, name: source.name, source, isAttached: attached };
    this.#links = this.#links.map((link) => (link === own ? taken : link));
  }

  /**
   * What the outputs tell in the backward pass that runs.
   *
   * @param rows how many examples the layer that asks has.
   * @param use the number of its use.
   * @throws BioflaxError when it is not certain that it belongs to this backward pass.
   */
  signals(rows: number, use: number): Omit<PublishedSignals, "use"> {
    const { sources } = this;
    if (sources.length === 0)
      this.#fail(
        "it leads to no denseDFAOutput layer, so no error reaches it. End the model in one, or in errorSource() where it does not end in a " +
          "dense layer; if that is inside a nested model, call linkModel(model).",
      );
    const telling = sources.filter((source) => isTelling(source, use));
    if (telling.length === 0) {
      const names = sources.map(({ name }) => `"${name}"`).join(", ");
      const which =
        sources.length === 1 ? `its output layer ${names}` : `none of its output layers ${names}`;
      this.#fail(
        `${which} had ${sources.length === 1 ? "no" : "a"} part in this loss, so no error reaches it. Where another layer is the output now, make it ` +
          "a denseDFAOutput, or put errorSource() after it, or freeze this layer: trainable = false.",
      );
    }
    for (const { name, signals } of telling) {
      const { error } = signals as PublishedSignals;
      if (error.shape[0] !== rows)
        this.#fail(
          `it has ${rows} rows and its output layer "${name}" ${error.shape[0]}: between them rows may be neither merged nor split.`,
        );
    }
    const [only, ...others] = this.#links;
    if (others.length === 0) return only?.source?.signals as PublishedSignals;
    const beside = (of: (signals: PublishedSignals, units: number) => tf.Tensor) =>
      tf.concat(
        this.#links.map(({ source, units }) =>
          source !== undefined && isTelling(source, use)
            ? of(source.signals as PublishedSignals, units as number)
            : tf.zeros([rows, units]),
        ),
        -1,
      );
    // The examples of each output may be weighted by others.
    const weightsOf = ({ weights }: PublishedSignals, units: number) =>
      tf.tile(weights() ?? tf.ones([rows, 1]), [1, units]);
    return {
      error: beside(({ error }) => error),
      target: () => beside(({ target }) => target()),
      weights: () => beside(weightsOf),
    };
  }
}
