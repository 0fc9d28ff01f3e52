import { lookUp } from "../errors";
import { lenet5 } from "./lenet5";
import { mlp } from "./mlp";
import type { Model } from "./model";
import { resnet20, resnet56 } from "./resnet";
import { vggSmall } from "./vgg-small";

/** Every architecture by name. */
export const models = { mlp, lenet5, vggSmall, resnet20, resnet56 } as const satisfies Record<
  string,
  Model
>;

/** The name of an architecture. */
export type ModelName = keyof typeof models;

/** The architecture of a name. @throws BioflaxError for an unknown one, naming the nearest. */
export function getModel(name: string): Model {
  return lookUp<Model>("model", models, name);
}
