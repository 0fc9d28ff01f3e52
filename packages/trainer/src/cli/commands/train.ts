import { Option } from "commander";
import type { CommandConfig } from "../../config/schema";
import { allSettings, hyphenated } from "../../config/settings";
import { ConfigError, type ResolvedConfig, withoutCommand } from "../../resolve/resolve";
import { parseSeeds, SEEDS } from "../../sweep/spec/seeds";
import { addSettings, type GivenOptions, resolveGiven, valuesOf } from "../setting-options";
import { stoppable } from "../stop-signals";
import type { AddCommand } from "./command";
import type { runTrain } from "./run-train";
import type { ReplicasCommand } from "./run-train-replicas";

const examples = `
Examples:
  bioflax train --mode dfa --epochs 10 --lr 0.1
  bioflax train --dataset teacher --hidden-layers 30 --activations sigmoid --plot
  bioflax train --config experiment.yaml --seed 3 --out runs/third
  bioflax train --resume runs/third
  bioflax train --resume-or-start runs/job --mode dfa     in a job that may be queued again
  bioflax train --mode dfa --seeds 0..9 --out runs/dfa    ten runs at once, as replicas of one another

A true-or-false option may stand alone (--plot), with a value (--plot false) or negated (--no-plot).
Options may be spelt with underscores, as in bioflax for Python (--batch_size 32).
`;

/** How one command behaves, among settings that may not have been checked. */
function behaviourOf({ quiet = false, verbose = false, json = false }: Partial<CommandConfig>) {
  return { quiet, verbose, json };
}

/** The options of which at most one says where a run is. */
const places = ["out", "resume", "resumeOrStart"] as const;

function checkPlace(values: Partial<CommandConfig>): void {
  const given = places.filter((key) => values[key] !== undefined);
  if (given.length > 1)
    throw new ConfigError([
      `${given.map((key) => `--${hyphenated(key)}`).join(" and ")}: expected one of them, received ${given.length}. Each names the run folder`,
    ]);
}

/** `bioflax train --resume`: the settings are the run's own, but for those that may be others. */
async function resumeRun(values: Partial<CommandConfig>): Promise<Start> {
  const { resume: folder, config: file } = values;
  if (file !== undefined)
    throw new ConfigError([
      "--config and --resume: expected one of them, received both. A run that is resumed has its own settings",
    ]);
  const { resume } = await import("../../run/resume");
  const settings = withoutCommand(values);
  return (options) => resume(folder as string, { ...options, settings });
}

/** `bioflax train --resume-or-start`: only what is given must be as the run has it, if there is one. */
async function resumeOrStartRun({ config, origins }: ResolvedConfig): Promise<Start> {
  const { resumeOrStart } = await import("../../run/resume-or-start");
  const given = Object.entries(withoutCommand(config)).filter(([key]) =>
    origins.has(key as keyof CommandConfig),
  );
  return (options) =>
    resumeOrStart(config.resumeOrStart as string, Object.fromEntries(given), options);
}

type Start = Parameters<typeof runTrain>[0];

/** @throws ConfigError for what are no seeds. */
function seedsOf(given: string): readonly number[] {
  const seeds = parseSeeds(given);
  if (seeds !== undefined) return seeds;
  throw new ConfigError([`--seeds: expected ${SEEDS}, received ${JSON.stringify(given)}`]);
}

/**
 * The replicas that a command line asks for; undefined where it asks for one run.
 *
 * @throws ConfigError where seeds do not go with what else is asked for.
 */
async function replicasOf(
  given: GivenOptions,
  values: Partial<CommandConfig>,
): Promise<ReplicasCommand | undefined> {
  if (values.seeds === undefined) return undefined;
  checkPlace(values);
  const { seeds, out, resumeOrStart } = values;
  const instead = { seed: "it is one of several", resume: "use --resume-or-start" } as const;
  for (const key of ["seed", "resume"] as const)
    if (values[key] !== undefined)
      throw new ConfigError([
        `--seeds and --${key}: expected one of them, received both; with --seeds, ${instead[key]}`,
      ]);
  const { config, origins } = await resolveGiven(given);
  const chosen = Object.entries(withoutCommand(config)).filter(
    ([key]) => origins.has(key as keyof CommandConfig) && key !== "out",
  );
  const settings =
    resumeOrStart === undefined ? withoutCommand(config) : Object.fromEntries(chosen);
  return {
    seeds: seedsOf(String(seeds)),
    settings,
    out: resumeOrStart ?? out ?? config.out,
    resume: resumeOrStart !== undefined,
  };
}

/** How the run that a command line asks for is started. */
async function startOf(given: GivenOptions, values: Partial<CommandConfig>): Promise<Start> {
  checkPlace(values);
  if (typeof values.resume === "string") return resumeRun(values);
  const resolved = await resolveGiven(given);
  checkPlace(resolved.config);
  if (resolved.config.resumeOrStart !== undefined) return resumeOrStartRun(resolved);
  // Loaded last: bad usage is answered without waiting for anything heavy.
  const { train } = await import("../../run/train");
  return (options) => train(withoutCommand(resolved.config), options);
}

/** `bioflax train`: an option for every setting. */
export const addTrain: AddCommand = (program, { io, finished }) => {
  const train = program
    .command("train")
    .description("train a network and write a run folder")
    .addHelpOption(new Option("-h, --help", "print help").helpGroup("Run:"))
    .addHelpText("after", examples)
    .action(async (given: GivenOptions) => {
      const values = valuesOf(given);
      const behaviour = behaviourOf(values);
      const status = await stoppable(io, behaviour, async (signal) => {
        const replicas = await replicasOf(given, values);
        if (replicas !== undefined) {
          const { runTrainReplicas } = await import("./run-train-replicas");
          return runTrainReplicas(replicas, behaviour, io, signal);
        }
        const start = await startOf(given, values);
        const { runTrain } = await import("./run-train");
        return runTrain(start, behaviour, io, signal);
      });
      finished(status);
    });
  addSettings(train, allSettings());
};
