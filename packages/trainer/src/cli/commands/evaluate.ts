import type { EvaluateOptions, RunEvaluation } from "../../trained/evaluate";
import { addComputing, type ComputingOptions, weightsOption } from "../computing-options";
import { count, loss, percent } from "../format";
import { exitStatus } from "../io";
import { tellPluginNotices } from "../plugin-notices";
import { addPlugins } from "../setting-options";
import { splitOption } from "../split-option";
import { terminalReporter } from "../terminal-reporter";
import type { AddCommand } from "./command";

const examples = `
Examples:
  bioflax evaluate runs/third                              loss and accuracy on the test set
  bioflax evaluate runs/third --weights best --split validation
  bioflax evaluate runs/third --json | jq .confusion       also by class

On the engine, device and number of threads of the run, the numbers are those of its summary.json.
`;

function sentence(result: RunEvaluation): string {
  const {
    loss: value,
    accuracy,
    exactMatch,
    r2,
    split,
    examples: number,
    weights,
    engine,
    device,
  } = result;
  const facts = [
    ["weights", weights],
    [split, `${count(number)} examples, ${engine} on ${device}`],
    ["loss", loss(value)],
    ...(accuracy === undefined ? [] : [["accuracy", percent(accuracy)]]),
    ...(exactMatch === undefined ? [] : [["all right", percent(exactMatch)]]),
    ...(r2 === undefined ? [] : [["R²", r2.toFixed(4)]]),
  ];
  return facts.map(([name = "", text]) => `  ${name.padEnd(10)} ${text}\n`).join("");
}

/** `bioflax evaluate`: how good the network of a run is. */
export const addEvaluate: AddCommand = (program, { io, finished }) => {
  const evaluate = program
    .command("evaluate")
    .description("evaluate the network of a run on its data")
    .argument("<run>", "run folder")
    .addOption(weightsOption())
    .addOption(splitOption())
    .option(
      "--json",
      "print everything as JSON, also by class, with the confusion matrix, or by label",
    );
  addComputing(evaluate);
  addPlugins(evaluate);
  evaluate
    .addHelpText("after", examples)
    .action(
      async (
        run: string,
        {
          json,
          plugin: _plugin,
          ...options
        }: ComputingOptions & Pick<EvaluateOptions, "split"> & { json?: true; plugin?: unknown },
      ) => {
        await tellPluginNotices(run, io);
        const { evaluateRun } = await import("../../trained/evaluate");
        const reporter = terminalReporter(io);
        try {
          const result = await evaluateRun(run, {
            ...options,
            onDownload: (progress) => reporter.downloading?.(progress),
          });
          reporter.close();
          io.stdout.write(json ? `${JSON.stringify(result)}\n` : sentence(result));
          finished(exitStatus.done);
        } finally {
          reporter.close();
        }
      },
    );
};
