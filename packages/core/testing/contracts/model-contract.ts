import {
  createNetwork,
  hasKernel,
  type ModelDefinition,
  models,
  type RuleName,
  sizeOf,
} from "@bioflax/core";
import { ensure, ensureOptions } from "./check";
import { examplesOf } from "./examples";

/**
 * What every architecture has to be: a network with as many outputs as it is asked for, under any rule, each of whose
 * layers with a kernel is told what all are told; options within their ranges.
 *
 * @param definition which is added to {@link models}.
 * @throws Error saying what is wrong with it, and with which layer.
 */
// biome-ignore lint/suspicious/noExplicitAny: any architecture's definition, whatever its options are.
export function modelContract(definition: ModelDefinition<any>): void {
  models.add(definition);
  const who = `The model "${definition.name}"`;
  const inputShape = { images: [32, 32, 3], sequences: [4, 3], rows: [6] }[definition.inputs];
  const bases = examplesOf(who, definition);
  const create = (options: object, outputs: number, rule: RuleName) =>
    definition.create({ inputShape, outputs, rule, layer: { clipNorm: 2 }, ...options });
  ensureOptions(who, definition.options, bases[0] as object, (options) => create(options, 3, "bp"));
  for (const options of bases)
    for (const [rule, outputs] of [
      ["bp", 3],
      ["dfa", 1],
    ] as const) {
      const spec = create(options, outputs, rule);
      const network = createNetwork(spec);
      const last = network.layers.at(-1);
      ensure(
        sizeOf(last?.outputShape ?? []) === outputs,
        who,
        `it puts out [${last?.outputShape}], expected ${outputs} numbers.`,
      );
      ensure(spec.rule === rule, who, `its rule is ${spec.rule}, and it was told ${rule}.`);
      spec.layers.forEach((layer, index) => {
        ensure(
          !hasKernel(layer) || layer.clipNorm === 2,
          who,
          `layer ${index} was not told what all layers with a kernel are told, its option "layer".`,
        );
      });
    }
}
