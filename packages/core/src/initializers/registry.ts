import { BioflaxError } from "../errors";
import { readOptions } from "../options/read-options";
import { createRegistry } from "../registry";
import { showValue } from "../show-value";
import { constant, normal, ones, uniform, zeros } from "./fills";
import type {
  Distribution,
  Initializer,
  InitializerDefinition,
  InitializerOptions,
} from "./initializer";
import {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  varianceScaling,
} from "./variance-scaling";

const builtIns = {
  zeros,
  ones,
  constant,
  uniform,
  normal,
  varianceScaling,
  lecunNormal,
  lecunUniform,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
} as const;

/** Every initializer by name. */
export const initializers = createRegistry<InitializerDefinition, typeof builtIns>({
  kind: "initializer",
  where: { name: "initializers", of: "@bioflax/core" },
  builtIns,
  needs: { options: "object", create: "function" },
});

/** The name of an initializer that comes with bioflax. */
export type InitializerName = keyof typeof builtIns;

/** An initializer as plain JSON: its name, or its name with options, e.g. `{ name: "uniform", scale: 0.1 }`. */
export type InitializerSpec =
  | InitializerName
  | {
      [Name in InitializerName]: { readonly name: Name } & InitializerOptions<
        (typeof builtIns)[Name]
      >;
    }[InitializerName];

/** An initializer as it may be given: its definition may stand for its name. */
export type GivenInitializer =
  | InitializerSpec
  | InitializerDefinition
  | { readonly name: InitializerDefinition; readonly [option: string]: unknown };

const isDefinition = (given: GivenInitializer): given is InitializerDefinition =>
  typeof given === "object" && given !== null && "create" in given;

/**
 * The plain JSON of an initializer; a definition in it is added to {@link initializers}. @throws BioflaxError for an
 * unknown name.
 */
export function initializerSpecOf(given: GivenInitializer): InitializerSpec {
  if (typeof given !== "object" || given === null || isDefinition(given))
    return initializers.nameOf(given) as InitializerName;
  return { ...given, name: initializers.nameOf(given.name) } as InitializerSpec;
}

/**
 * The initializer a spec describes.
 *
 * @throws BioflaxError for an unknown name or option, or an option out of its range.
 */
export function createInitializer(given: GivenInitializer): Initializer {
  const spec = initializerSpecOf(given);
  const options = typeof spec === "string" ? { name: spec } : spec;
  const { name } = options;
  const definition = initializers.get(name) as InitializerDefinition;
  const what = `Initializer "${name}"`;
  const initializer: unknown = definition.create(
    readOptions(what, definition.options, options, { name: true }),
  );
  if (typeof initializer !== "function")
    throw new BioflaxError(
      `${what}: expected its create to return a function of a weight's shape, received ${showValue(initializer)}.`,
    );
  return (shape) => checkedDistribution(what, initializer(shape));
}

/** @throws BioflaxError for what no values can be drawn from, or rules cannot take for their size. */
function checkedDistribution(what: string, distribution: Distribution): Distribution {
  const { stddev, draw } = (distribution ?? {}) as Partial<Distribution>;
  if (typeof draw !== "function")
    throw new BioflaxError(
      `${what}: expected what it draws a weight from to have "draw", a function, received ${showValue(draw)}.`,
    );
  if (!(typeof stddev === "number" && Number.isFinite(stddev) && stddev >= 0))
    throw new BioflaxError(
      `${what}: expected what it draws a weight from to have "stddev", a number from 0, received ${showValue(stddev)}.`,
    );
  return distribution;
}
