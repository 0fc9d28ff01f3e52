import { BioflaxError } from "../errors";
import { returned } from "../ops/returned";
import { shapeOps } from "../ops/shape-ops";
import type { Shape } from "../ops/tensor-ops";
import { noiseShape } from "../random/noise";
import { showValue } from "../show-value";
import { carriesErrors, type KernelFreeLayer, type KernelLayer, type Layer } from "./layer";

const BATCH = 2;
const batchOf = (shape: Shape): Shape => [BATCH, ...shape];

/** @throws BioflaxError for weights that no engine can keep: without a name and a shape of their own. */
function checkWeights(who: string, weights: unknown): void {
  if (!Array.isArray(weights))
    throw new BioflaxError(
      `${who}: expected its "weights" to be a list, received ${showValue(weights)}.`,
    );
  const roles = weights.map((weight) => weight?.role);
  const wrong = roles.findIndex(
    (role, i) =>
      typeof role !== "string" ||
      !/^[a-zA-Z]\w*$/.test(role) ||
      carriesErrors(role as never) ||
      roles.indexOf(role) < i,
  );
  if (wrong >= 0)
    throw new BioflaxError(
      `${who}: expected each of its weights to have a "role" of its own, such as "gamma", and none that a rule's have, received ${showValue(roles[wrong])}.`,
    );
  for (const { role, shape } of weights)
    if (!Array.isArray(shape) || !shape.every((extent) => Number.isInteger(extent) && extent > 0))
      throw new BioflaxError(
        `${who}: expected the "shape" of its weight "${role}" to be a list of whole numbers from 1, received ${showValue(shape)}.`,
      );
}

function checkKernelFree(who: string, layer: KernelFreeLayer, parameters: object): void {
  const [inputShape, outputShape] = [batchOf(layer.inputShape), batchOf(layer.outputShape)];
  const noise = (layer.noise ?? []).map((own) => noiseShape(own, BATCH));
  const own = { ...parameters, noise };
  const residuals = layer.forward<Shape>(shapeOps, own, inputShape, true);
  returned(shapeOps, residuals?.output as Shape, outputShape, `${who}: the "output" of forward`);
  returned(shapeOps, residuals.input, inputShape, `${who}: the "input" of forward`);
  const passed = layer.backward<Shape>(shapeOps, own, residuals, outputShape);
  returned(shapeOps, passed?.input as Shape, inputShape, `${who}: the "input" of backward`);
  for (const { role, shape, learns } of layer.weights)
    if (learns)
      returned(
        shapeOps,
        passed.gradients?.[role] as Shape,
        shape,
        `${who}: the gradient of "${role}" of backward`,
      );
}

function checkKernel(who: string, layer: KernelLayer, parameters: { kernel: Shape }): void {
  const [inputShape, outputShape] = [batchOf(layer.inputShape), batchOf(layer.outputShape)];
  const residuals = layer.forward<Shape>(shapeOps, parameters, inputShape);
  returned(shapeOps, residuals.output, outputShape, `${who}: the map`);
  const { kernel } = layer.gradients<Shape>(shapeOps, residuals, outputShape);
  returned(shapeOps, kernel, layer.kernelShape, `${who}: the kernel's gradient`);
  const below = layer.backproject<Shape>(shapeOps, layer.kernelShape, outputShape);
  returned(shapeOps, below, inputShape, `${who}: backproject`);
}

/**
 * Looks at a layer of one's own on shapes alone, before any engine computes with it: what passes it returns has to be of
 * the shapes that it says, and a gradient for each weight that learns.
 *
 * @param type what it is called in specs.
 * @throws BioflaxError naming the layer, what it returned, and what it should have.
 */
export function checkOwnLayer(type: string, layer: Layer): void {
  const who = `Layer "${type}"`;
  const methods = layer.hasKernel
    ? (["forward", "gradients", "backproject"] as const)
    : (["forward", "backward"] as const);
  for (const method of methods) {
    const given = (layer as unknown as Record<string, unknown>)[method];
    if (typeof given !== "function")
      throw new BioflaxError(
        `${who}: expected it to have "${method}", a function, received ${given === undefined ? "none" : showValue(given)}.`,
      );
  }
  checkWeights(who, layer.weights);
  const parameters = Object.fromEntries(layer.weights.map(({ role, shape }) => [role, shape]));
  if (layer.hasKernel) checkKernel(who, layer, parameters as { kernel: Shape });
  else checkKernelFree(who, layer, parameters);
}
