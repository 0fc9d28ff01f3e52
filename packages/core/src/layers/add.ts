import type { Shape } from "../ops/tensor-ops";
import { kernelFreeLayer } from "./kernel-free-layer";
import type { KernelFreeLayer } from "./layer";
import type { AddSpec } from "./specs";

/** Where branches meet: the network hands it the sum of its inputs, and each of them gets the error at the sum. */
export function add(spec: AddSpec, inputShape: Shape): KernelFreeLayer {
  return kernelFreeLayer(spec, inputShape, {
    forward: (_ops, _parameters, input) => ({ input, output: input }),
    backward: (_ops, _parameters, _residuals, delta) => ({ input: delta }),
  });
}
