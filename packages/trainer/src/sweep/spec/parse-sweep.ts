import { basename, extname } from "node:path";
import { nearest, showValue } from "@bioflax/core";
import { camelCased, findSetting } from "../../config/settings";
import { readExtended } from "../../resolve/read-config";
import { ConfigError, type ConfigSource, EXTENDS } from "../../resolve/resolve";
import { metricProblem } from "../results/metrics";
import { parseSlurm } from "../slurm/slurm-spec";
import { type Condition, parseCondition } from "./condition";
import { type Distribution, draw, parseDistribution } from "./distribution";
import { type Goal, goals, isGoal } from "./goal";
import { isSpreadOverPowers } from "./log-spread";
import { type ReplicaChoice, replicaChoices } from "./replica-choice";
import type { SearchInput, SearchSpec } from "./search-spec";
import { parseSeeds, SEEDS } from "./seeds";
import type { Axis, Point, RandomSpec, SweepInput, SweepSpec } from "./sweep-spec";

/** What a sweep may say, and nothing else. */
const known: { readonly [K in keyof Required<SweepInput>]: true } = {
  name: true,
  base: true,
  product: true,
  zip: true,
  random: true,
  seeds: true,
  exclude: true,
  metric: true,
  goal: true,
  jobs: true,
  retries: true,
  maxFailures: true,
  replicas: true,
  search: true,
  slurm: true,
};

/** Where a sweep stands, and what the command line adds to it. */
export interface SweepPlace {
  /** What errors call it: its file. */
  readonly file: string;
  /** The folder that its paths are relative to; the working directory when left out. */
  readonly folder?: string;
  /** What it is called where it does not say so itself. */
  readonly name: string;
  /** Settings of the command line, which override those of the sweep. */
  readonly flags?: Readonly<Record<string, unknown>>;
  /** Lists of values by setting from the command line, each in place of one the sweep has. */
  readonly sets?: Readonly<Record<string, readonly unknown[]>>;
  /** What the command line says in place of the sweep's own. */
  readonly over?: Pick<SweepInput, "seeds" | "metric" | "goal" | "replicas"> & {
    /** Added to what the sweep says of it. */
    readonly search?: Partial<SearchInput>;
  };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A setting's name as settings have it; one that nobody knows stays, for errors to quote. */
const keyOf = (name: string) => findSetting(camelCased(name))?.key ?? name;

/** What only one command may say, or a sweep says itself. */
const reserved: Readonly<Record<string, string>> = {
  out: "the sweep gives its runs their folders, below --out",
  plugins: "all runs of a sweep have the same plugins. Write them under base",
};

/**
 * Reads a sweep, and the config files it goes on from.
 *
 * @param given as a file has it, or code.
 * @throws ConfigError with every problem at once, each with its place.
 */
export async function parseSweep(given: unknown, place: SweepPlace): Promise<SweepSpec> {
  const problems: string[] = [];
  const spec = await new Reader(place, problems).read(given);
  if (problems.length > 0) throw new ConfigError(problems);
  return spec as SweepSpec;
}

class Reader {
  constructor(
    readonly place: SweepPlace,
    readonly problems: string[],
  ) {}

  async read(given: unknown): Promise<SweepSpec | undefined> {
    const { file, over = {}, flags = {} } = this.place;
    if (!isObject(given)) {
      this.problems.push(
        `${file}: expected a sweep, such as "product: { lr: [0.01, 0.1] }", received ${showValue(given)}`,
      );
      return undefined;
    }
    for (const name of Object.keys(given)) {
      if (Object.hasOwn(known, name) || name === "$schema") continue;
      const guess = nearest(name, Object.keys(known));
      const isSetting = findSetting(camelCased(name)) !== undefined || name === EXTENDS;
      this.problems.push(
        `${file}: unknown part ${showValue(name)} of a sweep. ${
          isSetting
            ? "Settings of every run stand under base, lists of them under product"
            : guess !== undefined
              ? `Did you mean "${guess}"?`
              : `Known: ${Object.keys(known).join(", ")}`
        }`,
      );
    }
    const input = { ...given, ...over } as Record<keyof SweepInput, unknown>;
    if (over.search !== undefined) input.search = { ...Object(given.search), ...over.search };
    const random = this.#random(input.random, input.search !== undefined);
    const base = await this.#base(input.base);
    const sets = this.place.sets ?? {};
    const replaced = new Set(Object.keys(sets).map(keyOf));
    const listed = [
      ...(await this.#product(input.product, `${file}: product`, this.place.folder)).filter(
        ({ keys }) => !keys.some((key) => replaced.has(key)),
      ),
      ...(await this.#zip(input.zip)),
      ...(random === undefined ? [] : [randomAxis(random, `${file}: random`, this.place.folder)]),
      ...(await this.#product(sets, "--set", undefined)),
    ];
    const seeds = this.#seeds(input.seeds);
    this.#checkOnce([...listed, ...seeds], flags);
    const search = this.#search(input.search, random, listed);
    // A search proposes the values of all lists but seeds.
    const axes = [...(input.search === undefined ? listed : []), ...seeds];
    return {
      name: this.#text(input.name, "name") ?? this.place.name,
      file,
      base: {
        files: base.slice(0, -1),
        own: [...base.slice(-1), ...(Object.keys(flags).length > 0 ? [{ values: flags }] : [])],
      },
      axes,
      exclude: this.#exclude(input.exclude),
      ...this.#comparison(input),
      execution: {
        ...defined("jobs", this.#whole(input.jobs, "jobs", 1)),
        ...defined("retries", this.#whole(input.retries, "retries", 0)),
        ...defined("maxFailures", this.#whole(input.maxFailures, "maxFailures", 1)),
      },
      ...defined("replicas", this.#replicas(input.replicas, input.search !== undefined)),
      ...defined("search", search),
      ...(input.slurm !== undefined && {
        slurm: parseSlurm(input.slurm, `${file}: slurm`, this.problems),
      }),
    };
  }

  #text(value: unknown, name: string): string | undefined {
    if (value === undefined || (typeof value === "string" && value !== "")) return value;
    this.problems.push(
      `${this.place.file}: ${name}: expected a text, received ${showValue(value)}`,
    );
    return undefined;
  }

  #whole(value: unknown, name: string, from: number): number | undefined {
    if (value === undefined || (Number.isSafeInteger(value) && Number(value) >= from))
      return value as number | undefined;
    this.problems.push(
      `${this.place.file}: ${name}: expected a whole number from ${from}, received ${showValue(value)}`,
    );
    return undefined;
  }

  #replicas(value: unknown, isSearch: boolean): ReplicaChoice | undefined {
    const place =
      this.place.over?.replicas === undefined ? `${this.place.file}: replicas` : "--replicas";
    const choice = replicaChoices.find((one) => one === value);
    if (value !== undefined && choice === undefined)
      this.problems.push(
        `${place}: expected ${replicaChoices.join(", ")}, received ${showValue(value)}`,
      );
    if (isSearch && choice === "always")
      this.problems.push(
        `${place}: expected none beside a search, whose runs end one by one where they are not promising, received always`,
      );
    return choice;
  }

  /** What runs are compared by; a name that no run can have is not found out after all have trained. */
  #comparison(input: Readonly<Record<"metric" | "goal", unknown>>) {
    const metric = this.#text(input.metric, "metric");
    const goal = this.#goal(input.goal);
    const problem = metric === undefined ? undefined : metricProblem(metric, goal);
    const metricPlace =
      this.place.over?.metric === undefined ? `${this.place.file}: metric` : "--metric";
    if (problem !== undefined) this.problems.push(`${metricPlace}: ${problem}`);
    return { ...defined("metric", metric), metricPlace, ...defined("goal", goal) };
  }

  #goal(value: unknown): Goal | undefined {
    if (value === undefined || isGoal(value)) return value;
    this.problems.push(
      `${this.place.file}: goal: expected ${goals.join(" or ")}, received ${showValue(value)}`,
    );
    return undefined;
  }

  /** The settings of every run: of the files they extend, then the sweep's own. */
  async #base(given: unknown = {}): Promise<readonly ConfigSource[]> {
    const source = { ...this.#source("base"), values: given };
    if (isObject(given))
      for (const [name, reason] of Object.entries(reserved))
        if (name === "out" && Object.keys(given).some((one) => keyOf(one) === name))
          this.problems.push(`${source.file}: ${name}: ${reason}. Leave it out`);
    return this.#extended(source);
  }

  #source(part: string): { readonly file: string; readonly folder: string } {
    return { file: `${this.place.file}: ${part}`, folder: this.place.folder ?? "." };
  }

  async #extended(source: ConfigSource): Promise<readonly ConfigSource[]> {
    try {
      return await readExtended(source);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.problems.push(...error.problems);
      return [{ ...source, values: {} }];
    }
  }

  /** Lists by setting; nothing but those that are some. */
  #lists(given: unknown, place: string): [name: string, values: readonly unknown[]][] {
    if (given === undefined) return [];
    if (!isObject(given)) {
      this.problems.push(
        `${place}: expected lists of values by setting, received ${showValue(given)}`,
      );
      return [];
    }
    return Object.entries(given).flatMap(([name, values]): [string, readonly unknown[]][] => {
      const key = keyOf(name);
      if (Object.hasOwn(reserved, key)) {
        this.problems.push(`${place}: ${name}: ${reserved[key]}`);
        return [];
      }
      if (Array.isArray(values) && values.length > 0) return [[key, values]];
      this.problems.push(
        `${place}: ${name}: expected a list of values, such as [1, 2], received ${showValue(values)}`,
      );
      return [];
    });
  }

  /** The points of a setting's values: of `extends`, the settings of each file. */
  async #points(
    key: string,
    values: readonly unknown[],
    place: string,
    folder = ".",
  ): Promise<Point[]> {
    if (key !== EXTENDS) return values.map((value) => ({ values: { [key]: value } }));
    const points: Point[] = [];
    for (const value of values) {
      const sources = await this.#extended({ file: place, folder, values: { [EXTENDS]: value } });
      const name = [value]
        .flat()
        .flatMap((path) => (typeof path === "string" ? [basename(path, extname(path))] : []));
      points.push({ values: {}, recipe: { name: name.join("+"), sources: sources.slice(0, -1) } });
    }
    return points;
  }

  /** @param folder what paths are relative to; the working directory where it is undefined. */
  async #product(given: unknown, place: string, folder: string | undefined): Promise<Axis[]> {
    const axes: Axis[] = [];
    for (const [key, values] of this.#lists(given, place))
      axes.push({
        place,
        folder,
        keys: [key],
        points: await this.#points(key, values, place, folder),
        log: new Set(isSpreadOverPowers(values) ? [key] : []),
      });
    return axes;
  }

  async #zip(given: unknown): Promise<Axis[]> {
    const place = `${this.place.file}: zip`;
    const lists = this.#lists(given, place);
    const [first] = lists;
    if (first === undefined) return [];
    const other = lists.find(([, values]) => values.length !== first[1].length);
    if (other !== undefined) {
      this.problems.push(
        `${place}: expected lists of the same length, received ${first[1].length} values of ${first[0]} and ${other[1].length} of ${other[0]}`,
      );
      return [];
    }
    const points: Point[] = first[1].map(() => ({ values: {} }));
    for (const [key, values] of lists) {
      const own = await this.#points(key, values, place);
      own.forEach(({ values: more, ...rest }, i) => {
        const before = points[i] as Point;
        points[i] = { ...before, ...rest, values: { ...before.values, ...more } };
      });
    }
    const log = lists.filter(([, values]) => isSpreadOverPowers(values)).map(([key]) => key);
    return [
      {
        place,
        folder: this.place.folder,
        keys: lists.map(([key]) => key),
        points,
        log: new Set(log),
      },
    ];
  }

  #random(given: unknown, isSearched: boolean): RandomSpec | undefined {
    if (given === undefined) return undefined;
    const place = `${this.place.file}: random`;
    const {
      draws = isSearched ? 1 : undefined,
      seed = 0,
      settings,
      ...more
    } = isObject(given) ? given : {};
    const isRight =
      isObject(given) &&
      Object.keys(more).length === 0 &&
      isObject(settings) &&
      Object.keys(settings).length > 0;
    if (!isRight) {
      this.problems.push(
        `${place}: expected { draws: 20, seed: 0, settings: { lr: { logUniform: [0.001, 0.1] } } }, received ${showValue(given)}`,
      );
      return undefined;
    }
    const read: Record<string, Distribution> = {};
    for (const [name, one] of Object.entries(settings)) {
      const key = keyOf(name);
      const distribution = parseDistribution(one);
      if (Object.hasOwn(reserved, key) || key === EXTENDS)
        this.problems.push(
          `${place}: ${name}: expected a setting with values to draw. Write it under product or base`,
        );
      else if ("problem" in distribution)
        this.problems.push(`${place}: ${name}: ${distribution.problem}`);
      else read[key] = distribution;
    }
    if (!Number.isSafeInteger(draws) || Number(draws) < 1)
      this.problems.push(
        `${place}: draws: expected a whole number from 1, received ${showValue(draws)}`,
      );
    if (parseSeeds(seed)?.length !== 1)
      this.problems.push(
        `${place}: seed: expected a whole number from 0, received ${showValue(seed)}`,
      );
    return { draws: draws as number, seed: seed as number, settings: read };
  }

  #seeds(given: unknown): Axis[] {
    if (given === undefined) return [];
    const place = this.place.over?.seeds === undefined ? `${this.place.file}: seeds` : "--seeds";
    const seeds = parseSeeds(given);
    if (seeds === undefined) {
      this.problems.push(`${place}: expected ${SEEDS}, received ${showValue(given)}`);
      return [];
    }
    return [
      {
        place,
        keys: ["seed"],
        points: seeds.map((seed) => ({ values: { seed } })),
        log: new Set(),
      },
    ];
  }

  /** No setting has two places that give it values. */
  #checkOnce(axes: readonly Axis[], flags: Readonly<Record<string, unknown>>): void {
    const places = new Map<string, string>();
    for (const { place, keys } of axes)
      for (const key of keys) {
        const before = places.get(key);
        if (before !== undefined)
          this.problems.push(
            `${place}: ${key}: expected values of a setting in one place, received them here and in ${before}`,
          );
        places.set(key, place);
      }
    for (const key of Object.keys(flags)) {
      const place = places.get(key);
      if (place !== undefined)
        this.problems.push(
          `--${findSetting(key)?.flag ?? key}: expected one value for all runs, but ${place} has values of it. Remove one of them`,
        );
    }
  }

  #exclude(given: unknown): Condition[] {
    if (given === undefined) return [];
    const place = `${this.place.file}: exclude`;
    if (!Array.isArray(given)) {
      this.problems.push(
        `${place}: expected a list of conditions, such as [{ mode: fa, lr: 0.1 }], received ${showValue(given)}`,
      );
      return [];
    }
    return given.flatMap((one, i) => parseCondition(one, `${place}[${i}]`, this.problems) ?? []);
  }

  #search(
    given: unknown,
    random: RandomSpec | undefined,
    listed: readonly Axis[],
  ): SearchSpec | undefined {
    if (given === undefined) return undefined;
    const place = `${this.place.file}: search`;
    const {
      with: proposer = "optuna",
      trials,
      sampler,
      pruner,
      seed,
      python,
      ...more
    } = isObject(given) ? given : { trials: undefined };
    const problem = (text: string) => {
      this.problems.push(`${place}: ${text}`);
    };
    const [other] = Object.keys(more);
    if (!isObject(given) || other !== undefined || proposer !== "optuna") {
      problem(
        `expected { with: optuna, trials: 50, sampler: TPE, pruner: Median }, received ${showValue(given)}`,
      );
      return undefined;
    }
    if (!Number.isSafeInteger(trials) || Number(trials) < 1)
      problem(`trials: expected a whole number from 1, received ${showValue(trials)}`);
    for (const [name, value] of Object.entries({ sampler, pruner, python }))
      if (value !== undefined && (typeof value !== "string" || value === ""))
        problem(`${name}: expected a text, received ${showValue(value)}`);
    if (seed !== undefined && parseSeeds(seed)?.length !== 1)
      problem(`seed: expected a whole number from 0, received ${showValue(seed)}`);
    const space: Record<string, Distribution> = { ...random?.settings };
    for (const { place: where, keys, points } of listed) {
      const [key = "", ...others] = keys;
      if (Object.hasOwn(space, key)) continue;
      if (others.length > 0 || key === EXTENDS)
        this.problems.push(
          `${where}: expected lists of a search to be of one setting each, received one of ${keys.join(", ")}. Write it under random: settings, or leave it out`,
        );
      else space[key] = { kind: "choices", choices: points.map(({ values }) => values[key]) };
    }
    if (Object.keys(space).length === 0)
      problem(
        "expected settings to search, such as random: { settings: { lr: { logUniform: [0.001, 0.1] } } }, received none",
      );
    return {
      with: "optuna",
      trials: trials as number,
      space,
      ...defined("sampler", sampler as string | undefined),
      ...defined("pruner", pruner as string | undefined),
      ...defined("seed", seed as number | undefined),
      ...defined("python", python as string | undefined),
    };
  }
}

/** The drawn points as an axis. */
function randomAxis({ draws, seed, settings }: RandomSpec, place: string, folder?: string): Axis {
  const entries = Object.entries(settings);
  const points = Array.from({ length: draws }, (_, number) => ({
    values: Object.fromEntries(
      entries.map(([key, distribution]) => [key, draw(distribution, { seed, key, number })]),
    ),
  }));
  const log = entries.filter(([, { kind }]) => kind === "logUniform").map(([key]) => key);
  return { place, folder, keys: entries.map(([key]) => key), points, log: new Set(log) };
}

/** An entry of an object, where there is a value. */
const defined = <K extends string, V>(key: K, value: V | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
