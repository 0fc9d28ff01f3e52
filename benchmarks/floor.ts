import { createNetwork, sizeOf } from "@bioflax/core";
import { bandwidth } from "./bandwidth";
import { operationsPerExample } from "./operations";
import { networkOf, type Workload } from "./workloads";

/** What a training step cannot do without. */
interface Needs {
  /** Of its matrix products, multiply and add counted as two. */
  readonly operations: number;
  /** Moved between the processor and wherever the step's data lies. */
  readonly bytes: number;
  /** How much data that is, each value once. */
  readonly workingSet: number;
}

/** The least time of a step, and what it comes from. */
export interface Floor extends Needs {
  readonly milliseconds: number;
  /** Of the products at their peak. */
  readonly productsMs: number;
  /** Of the bytes, moved as fast as memory, or the caches they fit in, move them. */
  readonly bytesMs: number;
}

const FLOAT = 4;

/**
 * Counts a step's operations and bytes. Weights are read forward, those that send the error once more, and read and
 * written by the update; inputs are read forward and by the gradient; what a layer gives is written, and read by the
 * next layer and by that one's gradient, and the same of its error, while activations, biases' gradients and the loss
 * go along for nothing.
 */
function needsOf(workload: Workload): Needs {
  const network = createNetwork(networkOf(workload));
  const { layers, rules, parameters } = network;
  let moved = 0;
  let held = 0;
  let isFirst = true;
  layers.forEach((layer, i) => {
    if (!layer.hasKernel) return;
    const isDirect = rules[i]?.route.source === "output";
    const own = parameters.filter((parameter) => parameter.layer === i);
    const sent = own.find(({ role }) => role === "feedback");
    for (const { role, shape, learns } of own) {
      // The first layer sends no error on, so what would carry it is read only to learn.
      const sends =
        role === "feedback"
          ? isDirect || !isFirst
          : role === "kernel" && !isFirst && !isDirect && !sent;
      const forward = role !== "feedback";
      const passes = Number(forward) + Number(sends) + 2 * Number(learns);
      moved += passes * sizeOf(shape);
      if (passes > 0) held += sizeOf(shape);
    }
    const given = workload.batch * sizeOf(layer.outputShape);
    moved += 6 * given;
    held += 2 * given;
    isFirst = false;
  });
  const inputs = workload.batch * sizeOf(network.spec.inputShape);
  return {
    operations: operationsPerExample(network) * workload.batch,
    bytes: FLOAT * (moved + 2 * inputs),
    workingSet: FLOAT * (held + inputs),
  };
}

/**
 * The least time a step takes on this machine.
 *
 * @param products its fastest matrix product, in operations a second.
 */
export async function floorOf(
  workload: Workload,
  products: number,
  threads: number,
): Promise<Floor> {
  const needs = needsOf(workload);
  const productsMs = (1000 * needs.operations) / products;
  const bytesMs = (1000 * needs.bytes) / (await bandwidth(needs.workingSet, threads));
  return { ...needs, productsMs, bytesMs, milliseconds: Math.max(productsMs, bytesMs) };
}
