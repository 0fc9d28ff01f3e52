import { lookUp } from "../errors";
import type { NetworkSpec } from "../network/network";
import { checkOptionNames, type OptionNames } from "../option-names";
import { lenet5 } from "./lenet5";
import { mlp } from "./mlp";
import type { Model, ModelOptions } from "./model";
import { resnet20, resnet56 } from "./resnet";
import { vggSmall } from "./vgg-small";

const names: OptionNames<ModelOptions> = {
  inputShape: true,
  outputs: true,
  rule: true,
  layer: true,
};

/** An architecture that refuses options it has not. */
const checked =
  <Options extends ModelOptions>(
    name: string,
    model: (options: Options) => NetworkSpec,
    own: OptionNames<Omit<Options, keyof ModelOptions>>,
  ) =>
  (options: Options): NetworkSpec => {
    checkOptionNames(name, options, names, own);
    return model(options);
  };

/** Every architecture by name. */
export const models = {
  mlp: checked("mlp", mlp, { hiddenLayers: true }),
  lenet5: checked("lenet5", lenet5, {}),
  vggSmall: checked("vggSmall", vggSmall, {}),
  resnet20: checked("resnet20", resnet20, {}),
  resnet56: checked("resnet56", resnet56, {}),
} as const satisfies Record<string, Model>;

/** The name of an architecture. */
export type ModelName = keyof typeof models;

/** The architecture of a name. @throws BioflaxError for an unknown one, naming the nearest. */
export function getModel(name: string): Model {
  return lookUp<Model>("model", models, name);
}
