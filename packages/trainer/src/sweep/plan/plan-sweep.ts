import { resolve } from "node:path";
import type { Config } from "../../config/schema";
import { allSettings, camelCased, findSetting } from "../../config/settings";
import { isModulePath } from "../../plugins/locate";
import {
  ConfigError,
  type ConfigSource,
  resolveConfig,
  withoutCommand,
} from "../../resolve/resolve";
import { whyUnmeasured } from "../results/metrics";
import type { SlurmSpec } from "../slurm/slurm-spec";
import type { Goal } from "../spec/goal";
import type { SearchSpec } from "../spec/search-spec";
import type { Axis, Execution, Point, SweepSpec } from "../spec/sweep-spec";
import { withReplicaGroups } from "./replica-groups";
import { describeSwept, digestOf, flagOf, runName } from "./run-name";

/** A run of a sweep. */
export interface SweepRun {
  /** The name of its folder: its swept values, and a digest of its settings. */
  readonly name: string;
  readonly digest: string;
  /** Its values of what is swept, by setting; of recipes their names, under `extends`. */
  readonly swept: Readonly<Record<string, unknown>>;
  /** All its settings; paths are absolute. */
  readonly config: Config;
  /** What it has in common with runs it trains with as replicas; missing of a run that trains by itself. */
  readonly group?: string;
}

/** A setting that runs of a sweep differ in. */
export interface SweptSetting {
  /** Its name; `extends` of recipes. */
  readonly key: string;
  /** As tables call it. */
  readonly flag: string;
  /** Whether its values are spread over powers of ten. */
  readonly log: boolean;
}

/** The runs of a sweep, checked. */
export interface SweepPlan {
  readonly name: string;
  readonly swept: readonly SweptSetting[];
  /** Each once; none of a search, whose runs are proposed as it goes. */
  readonly runs: readonly SweepRun[];
  /** How many combinations are left out. */
  readonly excluded: number;
  /** How many combinations have the settings of another. */
  readonly repeated: number;
  /** What one may want to know of it. */
  readonly notices: readonly string[];
  readonly metric?: string;
  readonly goal?: Goal;
  readonly execution: Execution;
  readonly search?: SweepSearch;
  /** How it is laid out on a Slurm cluster. */
  readonly slurm?: SlurmSpec;
}

/** A search: its runs are made of what is proposed. */
export interface SweepSearch {
  readonly spec: SearchSpec;
  /**
   * The runs of proposed values, one for each seed, but for those that are left out.
   *
   * @throws ConfigError with every problem of their settings.
   */
  readonly propose: (values: Readonly<Record<string, unknown>>) => readonly SweepRun[];
  /** A run as there will be. */
  readonly sample: SweepRun;
  /** How many runs there will be. */
  readonly trialRuns: number;
}

/** As many runs as anyone means. */
const MANY = 100_000;

/**
 * Lists the runs of a sweep, and checks the settings of each.
 *
 * @throws ConfigError with every problem of all runs at once, each once.
 */
export function planSweep(spec: SweepSpec): SweepPlan {
  const { axes, search, execution, metric, goal, name, file } = spec;
  const isSearch = search !== undefined;
  const count = axes.reduce((product, { points }) => product * points.length, 1);
  if (count > MANY)
    throw new ConfigError([
      `${file}: expected at most ${MANY} runs, received ${count}. Draw some of them: random: { draws: 100, settings: … }`,
    ]);
  const keys = [...Object.keys(search?.space ?? {}), ...sweptKeys(axes)];
  const makers = new RunMaker(spec, keys);
  const problems = new Map<string, string[]>();
  const runs = new Map<string, SweepRun>();
  const used = new Set<string>();
  let [excluded, repeated] = [0, 0];
  for (const points of isSearch ? [] : combinations(axes)) {
    try {
      const found = makers.make(points);
      if ("excludedBy" in found) {
        excluded++;
        for (const place of found.excludedBy) used.add(place);
      } else if (runs.has(found.digest)) repeated++;
      else runs.set(found.digest, found);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const problem of error.problems)
        problems.set(problem, [...(problems.get(problem) ?? []), describePoints(points)]);
    }
  }
  if (problems.size > 0)
    throw new ConfigError(
      [...problems].map(([problem, where]) => `${problem}${whereOf(where, count)}`),
    );
  const unused = isSearch ? [] : spec.exclude.filter(({ place }) => !used.has(place));
  if (runs.size === 0 && !isSearch)
    throw new ConfigError([
      `${file}: expected at least one run, but exclude leaves out all ${count}`,
    ]);
  const sample = search && makers.checkSpace(search);
  checkMetric(spec, sample ? [sample] : [...runs.values()]);
  return {
    name,
    swept: keys.map((key) => ({
      key,
      flag: flagOf(key),
      log: axes.some(({ log }) => log.has(key)) || search?.space[key]?.kind === "logUniform",
    })),
    runs: withReplicaGroups([...runs.values()], spec.replicas),
    excluded,
    repeated,
    notices: [
      ...unused.map(({ place }) => `${place} leaves out no run`),
      ...(repeated > 0
        ? [
            `${repeated} of ${count} combinations have the settings of another, and are no runs of their own`,
          ]
        : []),
    ],
    ...(metric !== undefined && { metric }),
    ...(goal !== undefined && { goal }),
    execution,
    ...(spec.slurm !== undefined && { slurm: spec.slurm }),
    ...(search !== undefined && {
      search: {
        spec: search,
        propose: (values: Readonly<Record<string, unknown>>) => makers.propose(values),
        sample: sample as SweepRun,
        trialRuns: search.trials * count,
      },
    }),
  };
}

/** Refuses a metric that no run measures, before any is trained. */
function checkMetric(
  { metric, metricPlace }: Pick<SweepSpec, "metric" | "metricPlace">,
  runs: readonly SweepRun[],
): void {
  if (metric === undefined) return;
  const reasons = runs.map(({ config }) => whyUnmeasured(metric, config));
  if (reasons.some((reason) => reason === undefined)) return;
  throw new ConfigError([
    `${metricPlace}: expected something that the runs measure, received ${metric}: ${reasons[0]}`,
  ]);
}

/** What is swept, in the order it is written in; recipes are a setting of their own. */
const sweptKeys = (axes: readonly Axis[]) => [...new Set(axes.flatMap(({ keys }) => keys))];

/** A point of each axis. */
type Points = readonly { readonly axis: Axis; readonly point: Point }[];

/** Every combination of points; the last axis changes first. */
function* combinations(axes: readonly Axis[], before: Points = []): Generator<Points> {
  const [axis, ...rest] = axes;
  if (axis === undefined) yield before;
  else for (const point of axis.points) yield* combinations(rest, [...before, { axis, point }]);
}

const valuesOf = (points: Points): Record<string, unknown> =>
  Object.assign(
    {},
    ...points.map(({ point: { values, recipe } }) => ({
      ...(recipe && { extends: recipe.name }),
      ...values,
    })),
  );

const describePoints = (points: Points) => describeSwept(valuesOf(points));

/** Which runs have a problem, where not all have it. */
function whereOf(where: readonly string[], count: number): string {
  const [first = ""] = where;
  if (where.length === count || first === "") return "";
  const more = where.length - 1;
  return ` (with ${first}${more > 0 ? `, and in ${more} more ${more === 1 ? "run" : "runs"}` : ""})`;
}

/** Makes the runs of a sweep from points. */
class RunMaker {
  readonly #spec: SweepSpec;
  readonly #keys: readonly string[];
  readonly #sweptSettings: ReadonlySet<string>;

  /** @param keys what is swept, in the order of names. */
  constructor(spec: SweepSpec, keys: readonly string[]) {
    this.#spec = spec;
    this.#keys = keys;
    this.#sweptSettings = new Set(keys);
  }

  /**
   * The run of a point of each axis, or the conditions that leave it out.
   *
   * @throws ConfigError with every problem of its settings.
   */
  make(points: Points): SweepRun | { readonly excludedBy: readonly string[] } {
    const { base } = this.#spec;
    const sources: ConfigSource[] = [
      ...base.files,
      ...points.flatMap(({ point }) => point.recipe?.sources ?? []),
      ...base.own,
      ...points.map(({ axis, point }) => ({
        file: axis.place,
        ...(axis.folder !== undefined && { folder: axis.folder }),
        values: point.values,
      })),
    ];
    let config: Config;
    try {
      config = withoutCommand(resolveConfig(...sources));
    } catch (error) {
      // What is left out may well be what cannot be.
      const excludedBy = this.#excludedBy(rawConfig(sources));
      if (excludedBy.length > 0) return { excludedBy };
      throw error;
    }
    const excludedBy = this.#excludedBy(config);
    if (excludedBy.length > 0) return { excludedBy };
    const given = valuesOf(points);
    const swept = Object.fromEntries(
      this.#keys.map((key) => [
        key,
        key === "extends" ? given.extends : config[key as keyof Config],
      ]),
    );
    const digest = digestOf(config, this.#sweptSettings);
    return { name: runName(swept, digest), digest, swept, config: withAbsolutePaths(config) };
  }

  /** The runs of what a search proposes, one for each seed, but for those that are left out. */
  propose(values: Readonly<Record<string, unknown>>): readonly SweepRun[] {
    const proposed = { axis: this.#searchAxis(), point: { values } };
    return [...combinations(this.#spec.axes)].flatMap((seeds) => {
      const made = this.make([proposed, ...seeds]);
      return "excludedBy" in made ? [] : [made];
    });
  }

  #searchAxis(): Axis {
    const { base, axes } = this.#spec;
    const place = base.own[0]?.file?.replace(/: base$/, ": random") ?? "random";
    return {
      place,
      folder: base.own[0]?.folder ?? axes[0]?.folder,
      keys: [],
      points: [],
      log: new Set(),
    };
  }

  /**
   * Checks the ends and the choices of what is searched, each with the first of all others.
   *
   * @returns a run as there will be.
   */
  checkSpace({ space }: SearchSpec): SweepRun {
    const ends = Object.entries(space).map(([key, distribution]): [string, readonly unknown[]] => [
      key,
      distribution.kind === "choices" ? distribution.choices : [distribution.from, distribution.to],
    ]);
    const first = Object.fromEntries(ends.map(([key, [value]]) => [key, value]));
    const problems = new Set<string>();
    let sample: SweepRun | undefined;
    for (const [key, values] of ends)
      for (const value of values)
        try {
          const [run] = this.propose({ ...first, [key]: value });
          sample ??= run;
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          for (const problem of error.problems) problems.add(problem);
        }
    if (problems.size > 0 || sample === undefined)
      throw new ConfigError(
        problems.size > 0
          ? [...problems]
          : ["exclude: expected runs to be left, received conditions that leave out all"],
      );
    return sample;
  }

  #excludedBy(config: Config): string[] {
    return this.#spec.exclude.filter(({ holds }) => holds(config)).map(({ place }) => place);
  }
}

/** Settings as they are written, over the defaults: of a run whose settings do not go together. */
function rawConfig(sources: readonly ConfigSource[]): Config {
  const defaults = Object.fromEntries(allSettings().map(({ key, default: value }) => [key, value]));
  const given = sources.flatMap(({ values }) =>
    Object.entries(Object(values)).map(([name, value]) => [
      findSetting(camelCased(name))?.key ?? name,
      value,
    ]),
  );
  return { ...defaults, ...Object.fromEntries(given) } as Config;
}

/** Settings that mean the same wherever a process is started. */
function withAbsolutePaths(config: Config): Config {
  const paths = allSettings().flatMap(({ key, path }) => {
    const value = config[key as keyof Config];
    return path && typeof value === "string" ? [[key, resolve(value)]] : [];
  });
  const { plugins } = config;
  return {
    ...config,
    ...Object.fromEntries(paths),
    ...(plugins && {
      plugins: plugins.map((one) =>
        typeof one === "string" && isModulePath(one) ? resolve(one) : one,
      ),
    }),
  };
}
