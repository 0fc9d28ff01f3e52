import { BioflaxError } from "../errors";
import type { Loss } from "../losses/loss";
import { targetKinds } from "../losses/target-kinds";
import { sameShape, showShape } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import type { Network } from "./network";

/** The shapes of what a batch consists of. */
interface BatchShapes {
  readonly input: Shape;
  readonly target: Shape;
  readonly weights?: Shape | undefined;
  readonly delayed?: Shape | undefined;
}

function expectShape(name: string, received: Shape, expected: readonly Shape[], what: string) {
  if (expected.some((shape) => sameShape(shape, received))) return;
  throw new BioflaxError(
    `Batch: expected "${name}" of shape ${expected.map(showShape).join(" or ")}, ${what}, received ${showShape(received)}.`,
  );
}

/**
 * Checks, for every engine, the shapes of a batch, before any of it is used: what is of another shape might be broadcast,
 * and give other numbers in silence.
 *
 * @throws BioflaxError naming what is of another shape, and that which it should have.
 */
export function checkBatch(
  { network, loss }: { readonly network: Network; readonly loss: Pick<Loss, "targets"> },
  { input, target, weights, delayed }: BatchShapes,
): void {
  const { outputs, spec } = network;
  const [batch = 1] = input;
  if (batch === 0) throw new BioflaxError("Batch: expected at least one example, received none.");
  expectShape(
    "input",
    input,
    [[batch, ...spec.inputShape]],
    "the network's input for each example",
  );
  const takesNumbers = loss.targets.some((kind) => targetKinds[kind].form === "labels");
  expectShape(
    "target",
    target,
    takesNumbers ? [[batch], [batch, outputs]] : [[batch, outputs]],
    takesNumbers
      ? "a class number or a row for each example"
      : "a row of the outputs' targets for each example",
  );
  if (weights !== undefined)
    expectShape("weights", weights, [[batch, 1]], "a number for each example");
  if (delayed !== undefined)
    expectShape("delayed", delayed, [[batch, outputs]], "an error for each output of each example");
}
