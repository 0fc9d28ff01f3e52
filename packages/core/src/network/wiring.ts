import { BioflaxError } from "../errors";
import { type Layer, receivingShape } from "../layers/layer";
import type { LayerSpec } from "../layers/specs";
import { sameShape } from "../ops/shapes";
import type { Rule } from "../rules/rule";
import { showValue } from "../show-value";

/** How the layers of a network hang together. */
export interface Wiring {
  /** For each layer, those whose outputs go into it, by index; −1 is the network's input. */
  readonly sources: readonly (readonly number[])[];
  /** For each layer, those that take its output, by index. */
  readonly consumers: readonly (readonly number[])[];
}

/**
 * Reads from the specs which layer goes into which.
 *
 * @throws BioflaxError when a layer takes its input from itself, from one that comes later or from none, when nothing
 *   takes the output of a layer that is not the last, or when two have one name.
 */
export function wire(specs: readonly LayerSpec[]): Wiring {
  const sources = specs.map(({ inputs }, index) => inputs ?? [index - 1]);
  const consumers: number[][] = specs.map(() => []);
  sources.forEach((from, index) => {
    const isBelow = (source: number) => Number.isInteger(source) && source >= -1 && source < index;
    if (!Array.isArray(from) || from.length === 0 || !from.every(isBelow))
      throw new BioflaxError(
        `Layer ${index}: expected inputs to be a list of layers before it, from -1 for the network's input to ${index - 1}, ` +
          `received ${showValue(from)}.`,
      );
    for (const source of from) if (source >= 0) consumers[source]?.push(index);
  });
  const named = specs.findIndex(({ name }) => name !== undefined && typeof name !== "string");
  if (named >= 0)
    throw new BioflaxError(
      `Layer ${named}: expected its name to be a text, received ${showValue(specs[named]?.name)}.`,
    );
  const names = specs.map(({ name }, index) => name ?? `layers.${index}`);
  const again = names.findIndex((name, index) => names.indexOf(name) < index);
  if (again >= 0)
    throw new BioflaxError(
      `Layer ${again}: expected a name no other layer has, received "${names[again]}", which is layer ${names.indexOf(names[again] as string)}'s. ` +
        "Rename one, or leave it out.",
    );
  const unused = consumers.findIndex((to, index) => to.length === 0 && index < specs.length - 1);
  if (unused >= 0)
    throw new BioflaxError(
      `Layer ${unused}: expected its output to go into a later layer, and none takes it. Name it in one's inputs, or leave it out.`,
    );
  return { sources, consumers };
}

/**
 * The last of the layers without a kernel that follow a layer and nothing else: where its part of the network ends, and
 * so where errors that come straight from the output arrive for it. The layer itself where none follows.
 *
 * Where the number of axes changes (flatten, global pooling) counts as an end, so that the places of a feature map stay
 * known.
 */
function endOf(layers: readonly Layer[], { sources, consumers }: Wiring, index: number): number {
  let end = index;
  const own = layers[index] as Layer;
  // Of a recurrent layer that puts out its last state, the errors arrive at all of them.
  if (!sameShape(receivingShape(own), own.outputShape)) return end;
  for (;;) {
    const [next, ...others] = consumers[end] as readonly number[];
    const layer = next === undefined ? undefined : layers[next];
    if (layer === undefined || others.length > 0 || layer.hasKernel) return end;
    if (sources[next as number]?.length !== 1) return end;
    if (layer.outputShape.length !== layer.inputShape.length) return end;
    end = next as number;
  }
}

/** Whether the network's output comes from a layer by nothing but layers without a kernel. */
function leadsOut(
  layers: readonly Layer[],
  { sources, consumers }: Wiring,
  index: number,
): boolean {
  for (let at = index; ; ) {
    if (at === layers.length - 1) return true;
    const [next, ...others] = consumers[at] as readonly number[];
    if (next === undefined || others.length > 0 || layers[next]?.hasKernel) return false;
    if (sources[next]?.length !== 1) return false;
    at = next;
  }
}

/** The layer whose error is the output's, by index; undefined where branches meet after every layer with a kernel. */
export function outputLayerOf(layers: readonly Layer[], wiring: Wiring): number | undefined {
  const index = layers.findIndex((layer, at) => layer.hasKernel && leadsOut(layers, wiring, at));
  return index < 0 ? undefined : index;
}

/**
 * Where errors that come straight from the output arrive: the index of each feedback target, with that of the layer it
 * receives for.
 *
 * @param rules each layer's; undefined for those without a kernel.
 */
export function feedbackTargetsOf(
  layers: readonly Layer[],
  wiring: Wiring,
  rules: readonly (Rule | undefined)[],
): ReadonlyMap<number, number> {
  const output = outputLayerOf(layers, wiring);
  return new Map(
    rules.flatMap((rule, index) =>
      rule?.route.source === "output" && index !== output
        ? [[endOf(layers, wiring, index), index] as const]
        : [],
    ),
  );
}

/**
 * Which layers an error arrives at: from the loss, straight from the output, from a layer above that sends one, or in a
 * second pass.
 */
export function reachedOf(
  rules: readonly (Rule | undefined)[],
  { consumers }: Wiring,
  feedbackTargets: ReadonlyMap<number, number>,
): readonly boolean[] {
  const reached: boolean[] = [];
  for (let index = rules.length - 1; index >= 0; index--) {
    reached[index] =
      index === rules.length - 1 ||
      feedbackTargets.has(index) ||
      rules[index]?.route.source === "input" ||
      (consumers[index] as readonly number[]).some(
        (above) => reached[above] && (rules[above]?.route.source ?? "above") === "above",
      );
  }
  return reached;
}
