import { createRegistry } from "../registry";
import { lenet5 } from "./lenet5";
import { mlp } from "./mlp";
import { mobilenetV2 } from "./mobilenet-v2";
import type { ModelDefinition } from "./model";
import { gru, rnn } from "./recurrent";
import { resnet20, resnet56 } from "./resnet";
import { transformer } from "./transformer";
import { vggSmall } from "./vgg-small";

const builtIns = {
  mlp,
  lenet5,
  vggSmall,
  resnet20,
  resnet56,
  mobilenetV2,
  rnn,
  gru,
  transformer,
} as const;

/** Every architecture by name. */
export const models = createRegistry<ModelDefinition, typeof builtIns>({
  kind: "model",
  where: { name: "models", of: "@bioflax/core" },
  builtIns,
  needs: { title: "string", inputs: "string", options: "object", create: "function" },
});

/** The name of an architecture that comes with bioflax. */
export type ModelName = keyof typeof builtIns;

/** The architecture of a name. @throws BioflaxError for an unknown one, naming the nearest. */
export function getModel(name: string): ModelDefinition {
  return models.get(name);
}
