import { resolve } from "node:path";
import { BioflaxError, showValue } from "@bioflax/core";
import type { CheckpointFile, RunFolder } from "@bioflax/runs/node";
import type { Config, ConfigInput } from "../config/schema";
import { findSetting, settings } from "../config/settings";
import { scheduleOf } from "../experiment/schedule";
import { ConfigError, resolveConfig, validateConfig, withoutCommand } from "../resolve/resolve";
import { readRunConfig } from "../stored/run-config";

type Values = Readonly<Record<string, unknown>>;

/** A setting's value for a message. */
const shown = (value: unknown) => (value === undefined ? "none" : showValue(value));

/** The settings that must be the same in both, and are not. A path may be written in several ways. */
function differences(one: Values, other: Values) {
  return settings.filter(({ key, path, resumable, commandLineOnly }) => {
    const written = (value: unknown) =>
      JSON.stringify(path && typeof value === "string" ? resolve(value) : value);
    return !resumable && !commandLineOnly && written(one[key]) !== written(other[key]);
  });
}

/**
 * The settings a run goes on with: its own, and those that are to be others from here on.
 *
 * @throws ConfigError for any that would change the numbers, all at once; RunFolderError when `config.json` is broken.
 */
export async function settingsOf(folder: RunFolder, changes: ConfigInput): Promise<Config> {
  const { source, config: own } = await readRunConfig(folder.path);
  const config = withoutCommand(resolveConfig(source, { values: changes }));
  const problems = differences(own, config).map(
    ({ key, flag }) =>
      `--${flag}: expected ${shown(own[key as keyof Config])}, as the run has it, received ` +
      `${shown(config[key as keyof Config])}; with another it would not be the same run. Start a new one: ` +
      `bioflax train --config ${folder.file("config.json")} --${flag} ${String(config[key as keyof Config])}`,
  );
  // Whatever an epoch has of steps, the schedules differ or they do not.
  const scheduled = (values: Config) => JSON.stringify(scheduleOf(values, 1000));
  if (problems.length === 0 && scheduled(own) !== scheduled(config))
    problems.push(
      `--epochs: expected ${own.epochs}, as the run has it, received ${config.epochs}; the schedule ${config.schedule} goes by it, ` +
        "so that the epochs that are done would have had other learning rates",
    );
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** Settings under the names they have today: a setting that was renamed keeps its old name as an alias. */
const byPresentNames = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [findSetting(name)?.key ?? name, value]),
  );

/**
 * Checks that a checkpoint is of a run with these settings, and not past its last epoch.
 *
 * @param present the settings as `config.json` has them.
 * @throws BioflaxError naming the settings that differ.
 */
export function checkSameSettings({ file, content }: CheckpointFile, present: Values): void {
  const defaults = validateConfig({}) as Values;
  const stored = byPresentNames(content.config);
  const differing = differences({ ...defaults, ...stored }, { ...defaults, ...present });
  if (differing.length > 0)
    throw new BioflaxError(
      `${file}: expected a checkpoint of this run, received one of another: ` +
        `${differing.map(({ key }) => `${key} is ${shown(stored[key])} in it and ${shown(present[key])} in config.json`).join(", ")}. ` +
        "Bring config.json back as it was, or put the run's own checkpoint in its place.",
    );
  const { epochs, partial } = content.progress;
  checkNotPast(epochs + (partial.examples > 0 ? 1 : 0), present.epochs as number);
}

/**
 * Checks that a run has not gone past what is to be its last epoch.
 *
 * @param reached the epoch that it has reached, counted from 1.
 * @throws ConfigError otherwise.
 */
export function checkNotPast(reached: number, epochs: number): void {
  if (reached > epochs)
    throw new ConfigError([
      `--epochs: expected at least ${reached}, which the run has reached, received ${epochs}`,
    ]);
}
