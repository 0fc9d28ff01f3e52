import { type Command, InvalidArgumentError, Option } from "commander";
import { engineNames } from "../devices/names";
import { keptWeights } from "../trained/open-run";
import type { EngineOptions } from "../trained/start-engine";

/** A count on the command line. */
function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("Expected a whole number from 1.");
  return Number(text);
}

/** The option for the weights of a run. */
export function weightsOption(): Option {
  return new Option(
    "--weights <weights>",
    `which weights: ${keptWeights.join(", ")}, or a .safetensors file`,
  ).default("final");
}

/** Gives a command the options for what computes. */
export function addComputing(command: Command): void {
  const group = "Engine:";
  for (const option of [
    new Option("--engine <engine>", "what computes (default: what trained the run)").choices([
      ...engineNames,
    ]),
    new Option("--device <name>", "device of the engine, or auto (default: as the run)"),
    new Option("--threads <n>", "threads to compute with (default: as the run)").argParser(
      wholeNumber,
    ),
  ])
    command.addOption(option.helpGroup(group));
}

/** What the options of {@link addComputing} and {@link weightsOption} give. */
export interface ComputingOptions extends EngineOptions {
  readonly weights: string;
}
