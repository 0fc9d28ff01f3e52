// How fast is the eager engine on TensorFlow's own library?
//
//   pnpm --filter benchmarks run eager [--rounds 5 --batches 32,128,1024 --python python3 --bfloat16 --processor-time
//     --json eager.json]
//
// 784-500-500-10, backpropagation, plain sgd: `model.fit` of our layers and the eager engine on `tensorflow`, against
// `model.fit` of plain `tf.layers.dense` there, the engine on `wasm`, the compiled engine, and Keras's `fit` in Python,
// where `--python` has it (peers/keras-requirements.txt). Everyone has a process of its own and they take turns;
// medians over rounds, with the lowest and the highest. `bioflax devices --install tensorflow` first. `--bfloat16` lets
// the engine multiply in bfloat16, too. `--processor-time` has everyone compute with one thread, and counts the time
// that processors spent on them: for a machine that others use.
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { Contender } from "./contender";
import { findPython, type PythonProgram } from "./python";
import { showSpread, spread } from "./statistics";
import { contenderTurn, takeTurns } from "./turns";
import { dense } from "./workloads";

const { values: flags } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    rounds: { type: "string", default: "5" },
    batches: { type: "string", default: "32,128,1024" },
    milliseconds: { type: "string", default: "1500" },
    python: { type: "string" },
    bfloat16: { type: "boolean", default: false },
    "processor-time": { type: "boolean", default: false },
    json: { type: "string" },
  },
});
const rounds = Number(flags.rounds);
const YARDSTICK = "tf.layers.dense, model.fit, tensorflow";

const isProcessorTime = flags["processor-time"];
const env = isProcessorTime ? { BENCHMARK_CLOCK: "cpu" } : {};
const own = (name: string, how: string, device: string, precision = "float32") =>
  new Contender({
    ...{ name, command: process.execPath, env },
    args: ["dist/eager-contender.js", how, device, precision, ...(isProcessorTime ? ["1"] : [])],
  });
/** Keras's program, in a Python. */
function keras(python: PythonProgram): Contender {
  const { env: theirs, ...setup } = python(
    "keras_steps.py",
    ...(isProcessorTime ? ["--threads", "1"] : []),
  );
  return new Contender({ name: "Keras, fit", ...setup, env: { ...theirs, ...env } });
}
const python = flags.python === undefined ? undefined : await findPython(flags.python);
const contenders = [
  own(YARDSTICK, "plain", "tensorflow"),
  own("bioflax layers, model.fit, tensorflow", "layers", "tensorflow"),
  own("eager engine, tensorflow", "engine", "tensorflow"),
  ...(flags.bfloat16
    ? [own("eager engine, tensorflow, bfloat16", "engine", "tensorflow", "bfloat16")]
    : []),
  own("eager engine, wasm", "engine", "wasm"),
  own("compiled engine, cpu", "compiled", "cpu"),
  ...(python === undefined ? [] : [keras(python)]),
];
for (const contender of contenders) {
  await contender.start();
  process.stderr.write(
    `${contender.name}: ${contender.greeting?.about ?? `not there (${contender.ended})`}\n`,
  );
}

const machine = `${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores, Node ${process.version}`;
const measured = isProcessorTime ? " One thread each, milliseconds of the processor." : "";
console.log(
  `784-500-500-10, bp, sgd, ${machine}. Median (lowest–highest) of ${rounds} rounds.${measured} Load ${loadavg()[0]?.toFixed(0)}.`,
);
const results = [];
for (const batch of flags.batches.split(",").map(Number)) {
  const workload = dense([784, 500, 500, 10], batch, "bp");
  const turns = new Map(contenders.map((one) => [one.name, contenderTurn(one, workload)]));
  const times = await takeTurns(turns, {
    rounds,
    milliseconds: Number(flags.milliseconds),
    onFailure: (name, reason) => process.stderr.write(`${name}, batch ${batch}: ${reason}\n`),
  });
  const yardstick = times.get(YARDSTICK);
  console.log(
    `\n| batch ${batch} | ms a step | examples/s | against ${YARDSTICK} |\n|---|---|---|---|`,
  );
  for (const [name, ms] of times) {
    const own = spread(ms);
    const ratio = yardstick && spread(ms.map((time, round) => (yardstick[round] as number) / time));
    const speed = Math.round((1000 * batch) / own.median);
    console.log(
      `| ${name} | ${showSpread(own, 2)} | ${speed} | ${ratio === undefined ? "" : `${showSpread(ratio, 2)}×`} |`,
    );
    results.push({ batch, name, milliseconds: ms });
  }
}
for (const contender of contenders) contender.stop();
if (flags.json !== undefined)
  writeFileSync(flags.json, `${JSON.stringify({ machine, rounds, results }, null, 2)}\n`);
process.exit(0);
