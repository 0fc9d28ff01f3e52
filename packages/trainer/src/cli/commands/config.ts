import { Option } from "commander";
import { settings } from "../../config/settings";
import { configJsonSchema } from "../../resolve/json-schema";
import { configJson, configYaml } from "../../resolve/print-config";
import { exitStatus } from "../io";
import { addSettings, type GivenOptions, resolveGiven } from "../setting-options";
import type { AddCommand } from "./command";

const examples = `
Examples:
  bioflax config --config experiment.yaml --sources     what a run would use, and what says so
  bioflax config --mode dfa --epochs 10 > dfa.yaml      a file to start from: bioflax train --config dfa.yaml
  bioflax config --schema > config.schema.json          for editors

It takes every setting of bioflax train. Paths are printed absolute.
`;

interface ConfigOptions {
  readonly format: "yaml" | "json";
  readonly sources?: boolean;
  readonly schema?: boolean;
}

/** `bioflax config`: the settings a run would have. */
export const addConfig: AddCommand = (program, { io, finished }) => {
  const config = program
    .command("config")
    .description("print the settings a run would have, checked and complete")
    .addOption(
      new Option("--format <format>", "how to print them")
        .choices(["yaml", "json"])
        .default("yaml")
        .helpGroup("Output:"),
    )
    .addOption(
      new Option(
        "--sources",
        "say where each value comes from: its default, a file or the command line",
      ).helpGroup("Output:"),
    )
    .addOption(
      new Option("--schema", "print the JSON Schema of config files instead").helpGroup("Output:"),
    )
    .addHelpOption(new Option("-h, --help", "print help").helpGroup("Output:"))
    .addHelpText("after", examples)
    .action(async ({ format, sources = false, schema, ...given }: ConfigOptions & GivenOptions) => {
      const print = format === "json" ? configJson : configYaml;
      io.stdout.write(
        schema
          ? `${JSON.stringify(configJsonSchema(), null, 2)}\n`
          : await print(await resolveGiven(given), sources),
      );
      finished(exitStatus.done);
    });
  addSettings(
    config,
    settings.filter(({ key, commandLineOnly }) => !commandLineOnly || key === "config"),
  );
};
