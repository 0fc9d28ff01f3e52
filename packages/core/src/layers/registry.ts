import { lookUp } from "../errors";
import type { Shape } from "../ops/tensor-ops";
import { dense } from "./dense";
import type { Layer, LayerSpec } from "./layer";

/** Every kind of layer by the `type` of its spec. */
export const layers = { dense } as const;

/** The layer a spec describes. @throws BioflaxError for an unknown type, or a spec the layer refuses. */
export function createLayer(spec: LayerSpec, inputShape: Shape): Layer {
  return lookUp("layer type", layers, spec.type)(spec, inputShape);
}
