import {
  createInitializer,
  float64Tensor,
  type GivenInitializer,
  type InitializerDefinition,
  initializers,
  initialValues,
  Random,
  type Shape,
} from "@bioflax/core";
import { ensure, ensureFinite, ensureOptions, ensureOptionsMatter } from "./check";
import { examplesOf } from "./examples";

const SHAPES: readonly Shape[] = [[5], [4, 3], [3, 3, 2, 4]];
const MANY = 20_000;

/**
 * What every initializer has to be, with each of its `examples`: finite values for any shape, the same from the same
 * stream, of the standard deviation it says; options within their ranges, and none that changes nothing.
 *
 * @param definition which is added to {@link initializers}.
 * @throws Error saying what is wrong with it, and for which shape.
 */
export function initializerContract<D extends InitializerDefinition>(definition: D): void {
  initializers.add(definition);
  const who = `The initializer "${definition.name}"`;
  const create = (options: object) =>
    createInitializer({ ...options, name: definition } as GivenInitializer);
  const valuesFor = (options: object, shape: Shape, seed: number) => [
    ...initialValues(create(options), shape, new Random(seed, "contract")),
  ];
  const bases = examplesOf(who, definition);
  ensureOptions(who, definition.options, bases[0] as object, create);
  ensureOptionsMatter(who, definition.options, bases, (options) =>
    JSON.stringify(SHAPES.map((shape) => valuesFor(options, shape, 0))),
  );
  for (const options of bases)
    for (const shape of SHAPES) {
      const whose = `${who} with ${JSON.stringify(options)} for the shape [${shape}]`;
      const values = valuesFor(options, shape, 0);
      ensureFinite(whose, "a value", float64Tensor(values, shape));
      ensure(
        JSON.stringify(valuesFor(options, shape, 0)) === JSON.stringify(values),
        whose,
        "draws other values from the same stream.",
      );
      const { draw, stddev } = create(options)(shape);
      ensure(
        Number.isFinite(stddev) && stddev >= 0,
        whose,
        `it says its standard deviation is ${stddev}.`,
      );
      const random = new Random(1, "contract");
      const sample = Array.from({ length: MANY }, () => draw(random));
      const mean = sample.reduce((sum, x) => sum + x, 0) / MANY;
      const found = Math.sqrt(sample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / MANY);
      ensure(
        Math.abs(found - stddev) <= 0.05 * stddev + 1e-12,
        whose,
        `it says its standard deviation is ${stddev}, and that of ${MANY} values is ${found}.`,
      );
    }
}
