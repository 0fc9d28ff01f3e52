import {
  BioflaxError,
  getRule,
  type KernelLayer,
  lookUp,
  type Rule,
  type RuleName,
  receivingShape,
  rules,
  type Shape,
  sameShape,
} from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import { asContainer } from "../base/container";
import { outermost } from "../direct/claim";
import type { ConvertOptions } from "./make";
import { endOf, isSized, type Place } from "./places";
import { foreignActivation, type Treatment, treatmentOf, withWarning } from "./treatments";

/** What becomes of one layer, and where errors arrive for it. */
export interface Step {
  readonly place: Place;
  readonly treatment: Treatment;
  /** Its rule, if one teaches it. */
  readonly rule: Rule | undefined;
  /** Whether the error that goes to hidden layers is its own: it is the model's output layer, and a dense one. */
  readonly isSource: boolean;
  /** The layer after it at which errors arrive for it straight from the output, where that is not the layer itself. */
  readonly feedbackTarget: tf.layers.Layer | undefined;
}

/** What becomes of a model. */
export interface Plan {
  readonly steps: readonly Step[];
  /** For each output of the model, whether the error at it is to be told to hidden layers there. */
  readonly tellsAt: readonly boolean[];
  /** The layers that an error arrives at. */
  readonly reached: ReadonlySet<tf.layers.Layer>;
}

const isDirect = (rule: Rule | undefined) => rule?.route.source === "output";

/** Why a convolution cannot learn by a rule where the extents of its input are not known. */
function unsized(
  layer: tf.layers.Layer,
  rule: Rule,
  feedbackProjection: ConvertOptions["feedbackProjection"],
): string | undefined {
  if (isSized(layer) || (!isDirect(rule) && rule.mirror === undefined)) return undefined;
  if (isDirect(rule) && feedbackProjection === "broadcast") return undefined;
  return isDirect(rule)
    ? `the extents of its input are not known, and feedback weights of the rule "${rule.name}" come to each element: use feedbackProjection "broadcast", or an ` +
        "input of known extents"
    : `the extents of its input are not known, and the rule "${rule.name}" draws noise of them: use an input of known extents, or another rule`;
}

/** Why a recurrent layer cannot learn by a rule; undefined where it can. */
function unfit(recurrent: KernelLayer, rule: Rule, isOutput: boolean): string | undefined {
  const reason = recurrent.refuses?.(rule);
  if (reason !== undefined) return `it cannot learn by the rule "${rule.name}": ${reason}`;
  return isDirect(rule) && isOutput
    ? `the rule "${rule.name}" sends the output's error straight to its steps, and it is at the output itself: put a dense layer after it`
    : undefined;
}

/** Shape of one example of a layer's output. */
const exampleOf = ({ inboundNodes }: tf.layers.Layer) =>
  (inboundNodes[0]?.outputTensors[0]?.shape.slice(1) ?? []) as Shape;

/**
 * The layer with a kernel that an output of the model comes from, by nothing but layers without one, if it is used
 * once.
 */
function outputLayerOf(
  symbol: tf.SymbolicTensor,
  places: ReadonlyMap<tf.layers.Layer, Place>,
): tf.layers.Layer | undefined {
  const layer = outermost(symbol);
  return layer !== undefined && places.get(layer)?.uses === 1 ? layer : undefined;
}

/** Walks down from the outputs as errors do, and stops where none is passed on. */
function reachedFrom(
  symbols: readonly tf.SymbolicTensor[],
  passes: (layer: tf.layers.Layer) => boolean,
): Set<tf.layers.Layer> {
  const seen = new Set<number>();
  const reached = new Set<tf.layers.Layer>();
  const visit = (symbol: tf.SymbolicTensor) => {
    if (seen.has(symbol.id)) return;
    seen.add(symbol.id);
    const layer = symbol.sourceLayer;
    const container = asContainer(layer);
    if (container !== undefined) for (const output of container.outputs) visit(output);
    else reached.add(layer);
    if (container !== undefined || passes(layer))
      for (const input of symbol.inputs ?? []) visit(input);
  };
  for (const symbol of symbols) visit(symbol);
  return reached;
}

/** Whether errors straight from the output arrive at a layer's states, and not at what it puts out: at the last of them. */
const receivesWithin = (treatment: Treatment) =>
  treatment.action === "converted" &&
  treatment.recurrent !== undefined &&
  !sameShape(receivingShape(treatment.recurrent), treatment.recurrent.outputShape);

/** @throws BioflaxError for a rule of a layer that is not there, or that no rule teaches. */
function checkLayerRules(
  layerRules: Readonly<Record<string, RuleName | Rule>>,
  places: readonly Place[],
): void {
  const names = places.flatMap((place) =>
    treatmentOf(place.layer).action === "converted" ? [place.path, place.layer.name] : [],
  );
  const known = Object.fromEntries(names.map((name) => [name, name]));
  for (const name of Object.keys(layerRules))
    lookUp("layer to convert, in layerRules", known, name);
}

/**
 * Decides what becomes of a model under a rule.
 *
 * @throws BioflaxError for an unknown rule or layer, or a layer that waits for an error which the layers above do not
 *   pass on.
 */
export function planFor(
  model: tf.LayersModel,
  places: readonly Place[],
  { rule, layerRules = {}, feedbackProjection }: ConvertOptions,
): Plan {
  checkLayerRules(layerRules, places);
  const byLayer = new Map(places.map((place) => [place.layer, place]));
  const ruleOf = ({ path, layer }: Place) =>
    getRule(rules.nameOf(layerRules[path] ?? layerRules[layer.name] ?? rule));
  const outputLayers = model.outputs.map((symbol) => outputLayerOf(symbol, byLayer));
  const unteachable = (
    { layer }: Place,
    { kind, recurrent }: Treatment & { readonly action: "converted" },
    own: Rule,
  ) => {
    if (recurrent !== undefined) return unfit(recurrent, own, outputLayers.includes(layer));
    return kind === "dense" ? undefined : unsized(layer, own, feedbackProjection);
  };
  const treated = places.map((place) => {
    const treatment = treatmentOf(place.layer);
    if (treatment.action !== "converted") return { place, treatment, rule: undefined };
    const own = ruleOf(place);
    const why = unteachable(place, treatment, own);
    return why === undefined
      ? { place, treatment, rule: own }
      : {
          place,
          treatment: withWarning(place.layer, { action: "left", why } as const),
          rule: undefined,
        };
  });
  const learnsFromOutput = treated.some((step) => isDirect(step.rule));
  const ends = model.outputs.map((symbol, i) => {
    const layer = outputLayers[i];
    const step = treated.find(({ place }) => place.layer === layer);
    const isDense = step?.treatment.action === "converted" && step.treatment.kind === "dense";
    // Where pooling makes the outputs of a dense layer's units, the error that is sent is the one at the outputs.
    const isSame =
      layer !== undefined && sameShape(symbol.shape.slice(1) as Shape, exampleOf(layer));
    return { symbol, layer, isSource: learnsFromOutput && isDense && isSame };
  });
  const steps = treated.map((step): Step => {
    const { layer } = step.place;
    const output = ends.find((end) => end.layer === layer);
    const isHidden = isDirect(step.rule) && output === undefined;
    const end = isHidden && !receivesWithin(step.treatment) ? endOf(layer, byLayer) : layer;
    const isSplit = foreignActivation(layer.getConfig()) !== undefined;
    // A dense layer takes the rows of an example one by one, and the output's error is that of the whole example.
    const isStacked =
      step.treatment.action === "converted" &&
      step.treatment.kind === "dense" &&
      exampleOf(layer).length > 1;
    const isElsewhere = end !== layer || isSplit || isStacked;
    return {
      ...step,
      isSource: output?.isSource ?? false,
      feedbackTarget: isHidden && isElsewhere ? end : undefined,
    };
  });
  const ruled = new Map(steps.map((step) => [step.place.layer, step.rule]));
  const reached = reachedFrom(model.outputs, (layer) => !isDirect(ruled.get(layer)));
  for (const { place, rule: own } of steps) {
    if (own === undefined || isDirect(own) || reached.has(place.layer)) continue;
    throw new BioflaxError(
      `convert: the layer "${place.path}" has the rule "${own.name}", which takes its error from the layer above, and the layers above ` +
        "pass none on. Give them a rule whose errors travel layer by layer, or it one whose errors come straight from the output.",
    );
  }
  const needsTarget = steps.some((step) => step.rule?.needsTarget === true);
  // The loss leaves its target where the model ends.
  const isFollowed = ({ symbol, layer }: (typeof ends)[number]) =>
    layer === undefined ||
    symbol.sourceLayer !== layer ||
    foreignActivation(layer.getConfig()) !== undefined;
  const tellsAt = ends.map(
    (end) => learnsFromOutput && (!end.isSource || (needsTarget && isFollowed(end))),
  );
  return { steps, tellsAt, reached };
}
