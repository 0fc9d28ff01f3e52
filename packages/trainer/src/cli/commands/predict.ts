import { type Header, headerChoices } from "@bioflax/datasets/node";
import { Option } from "commander";
import type { ComputingOptions } from "../computing-options";
import { addComputing, weightsOption } from "../computing-options";
import { exitStatus } from "../io";
import { tellPluginNotices } from "../plugin-notices";
import { addPlugins } from "../setting-options";
import type { AddCommand } from "./command";

const examples = `
Examples:
  bioflax predict runs/third digit.png                     a picture of the size the network was trained on
  bioflax predict runs/third a.png b.png --json            a line of JSON each
  bioflax predict runs/third t10k-images-idx3-ubyte.gz --out predicted.csv
  echo '[[0.5], [1.5]]' | bioflax predict runs/sine -      from standard input

An input is a PNG picture, a NumPy array (.npy), idx images, CSV (an example a line) or JSON (arrays of numbers),
gzipped or not. Give raw values, such as pixels from 0 to 255: they are normalised here as the run's were. Pictures are
neither resized nor inverted: MNIST's digits are white on black.
`;

interface PredictOptions extends ComputingOptions {
  readonly out?: string;
  readonly json?: true;
  readonly header: Header;
  readonly plugin?: unknown;
}

/** `bioflax predict`: what the network of a run makes of new inputs. */
export const addPredict: AddCommand = (program, { io, finished }) => {
  const predict = program
    .command("predict")
    .description("tell what the network of a run makes of inputs")
    .argument("<run>", "run folder")
    .argument("<inputs...>", "files of inputs, or - for standard input")
    .addOption(weightsOption())
    .option("--out <file>", "new file to write instead of stdout; one that ends in .jsonl is JSON")
    .addOption(
      new Option(
        "--header <which>",
        "whether the first line of CSV inputs has titles; auto: where that is sure",
      )
        .choices(headerChoices)
        .default("auto"),
    )
    .option("--json", "a line of JSON for each example, instead of CSV");
  addComputing(predict);
  addPlugins(predict);
  predict
    .addHelpText("after", examples)
    .action(
      async (
        run: string,
        inputs: string[],
        { out, json, weights, header, plugin: _plugin, ...computing }: PredictOptions,
      ) => {
        await tellPluginNotices(run, io);
        const { runPredict } = await import("./run-predict");
        await runPredict(
          run,
          inputs,
          { out, asJson: json ?? false, weights, header, computing },
          io,
        );
        finished(exitStatus.done);
      },
    );
};
