import { type Network, sizeOf } from "@bioflax/core";

/**
 * Operations of a training step for one example, multiply and add counted as two: forward, kernel gradients, errors
 * sent, and the gradient of feedback weights that learn by another than the kernel's.
 */
export function operationsPerExample({ layers, rules, parameters, outputs }: Network): number {
  let multiplyAdds = 0;
  let isFirst = true;
  layers.forEach((layer, i) => {
    const rule = rules[i];
    if (!layer.hasKernel || rule === undefined) return;
    const product = layer.places * sizeOf(layer.kernelShape);
    multiplyAdds += 2 * product;
    if (rule.route.source === "output") {
      multiplyAdds += i === layers.length - 1 ? 0 : sizeOf(layer.outputShape) * outputs;
      const feedback = parameters.find(({ layer: of, role }) => of === i && role === "feedback");
      if (feedback?.learns) multiplyAdds += layer.places * sizeOf(feedback.shape);
    } else if (!isFirst) multiplyAdds += product;
    isFirst = false;
  });
  return 2 * multiplyAdds;
}
