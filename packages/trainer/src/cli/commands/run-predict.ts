import type { Examples } from "@bioflax/datasets";
import type { Header } from "@bioflax/datasets/node";
import { checkNew, writeNewFile } from "@bioflax/runs/node";
import { inputName, readInput } from "../../trained/inputs/read-input";
import { joined, toExamples } from "../../trained/inputs/to-examples";
import { openRun } from "../../trained/open-run";
import { predictExamples } from "../../trained/predict";
import type { EngineOptions } from "../../trained/start-engine";
import type { Io } from "../io";
import { type Predicted, predictionLines, predictionTable } from "../predictions";

/** What `bioflax predict` is asked for. */
export interface RunPredictOptions {
  readonly out?: string | undefined;
  readonly asJson: boolean;
  readonly weights: string;
  readonly header: Header;
  readonly computing: EngineOptions;
}

/** `bioflax predict`: reads all inputs, and only then computes and prints. */
export async function runPredict(
  run: string,
  inputs: readonly string[],
  { out, asJson, weights, header, computing }: RunPredictOptions,
  io: Io,
): Promise<void> {
  if (out !== undefined) await checkNew(out);
  const trained = await openRun(run, weights);
  const read: Examples[] = [];
  for (const input of inputs) {
    const array = await readInput(input, trained.data, io.stdin, header);
    read.push(toExamples(array, inputName(input), trained.data));
  }
  if (trained.data.imageShape !== undefined && read.some(isFaint))
    io.stderr.write("note: all pixels of an input are from 0 to 1, where 0 to 255 are expected\n");
  const predictions = await predictExamples(trained, joined(read), computing);
  const sources = read.flatMap(({ count }, i) =>
    Array.from({ length: count }, () => inputs[i] as string),
  );
  const predicted = predictions.map(
    (prediction, i): Predicted => ({
      ...(inputs.length > 1 && { input: sources[i] as string }),
      prediction,
    }),
  );
  const isJson = asJson || out?.endsWith(".jsonl") === true;
  const text = isJson ? predictionLines(predicted) : predictionTable(predicted);
  if (out === undefined) io.stdout.write(text);
  else await writeNewFile(out, text);
}

/** Whether pixels were probably scaled before, as bytes never are. */
function isFaint({ inputs }: Examples): boolean {
  return inputs instanceof Float32Array && inputs.every((value) => value <= 1);
}
