import { feedbackTargetsOf, type Network } from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import { DirectFeedback } from "../direct/direct-feedback";
import { ErrorSourceLayer } from "../direct/error-source";
import { DirectLayer } from "../kernel-layers/direct-layer";
import { sourcesOf, type Uses } from "./network-layers";

/** The layer at which a layer's error arrives straight from the output, where that is another. */
export function arrivalOf(layer: tf.layers.Layer): DirectFeedback | undefined {
  const feedbackTarget = layer instanceof DirectLayer ? layer.feedbackTarget : undefined;
  return feedbackTarget instanceof DirectFeedback ? feedbackTarget : undefined;
}

/**
 * Checks that errors which come straight from the output arrive in a model where they do in its network.
 *
 * @param layers the model's, in the network's order.
 * @param uses how the model uses its layers.
 * @param refuse raises an error about one of them.
 */
export function checkArrivals(
  { layers: definitions, wiring, rules, outputLayer }: Network,
  layers: readonly tf.layers.Layer[],
  uses: Uses,
  refuse: (layer: tf.layers.Layer, reason: string) => never,
): void {
  const ends = new Map(
    [...feedbackTargetsOf(definitions, wiring, rules)].map(([end, at]) => [at, end]),
  );
  const output = outputLayer === undefined ? undefined : layers[outputLayer];
  layers.forEach((layer, index) => {
    if (!(layer instanceof DirectLayer)) return;
    const isOutputs = layer.sources.some(
      (source) => (source as object) === output || source instanceof ErrorSourceLayer,
    );
    if (!isOutputs) refuse(layer, "does not learn from the error of the last");
    if (layer === output) return;
    const arrival = arrivalOf(layer);
    const at = arrival === undefined ? layer : sourcesOf(arrival, uses)[0];
    const expected = layers[ends.get(index) as number] as tf.layers.Layer;
    if (at !== expected)
      refuse(
        layer,
        `takes its error at "${at?.name}", and in a network it arrives at "${expected.name}": put directFeedback() right after that one`,
      );
    if (arrival !== undefined && arrival.rule !== rules[index])
      refuse(
        layer,
        `has the rule "${rules[index]?.name}", and "${arrival.name}", at which its error arrives, "${arrival.rule.name}"`,
      );
  });
}
