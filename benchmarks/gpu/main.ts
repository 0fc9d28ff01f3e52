// The whole GPU benchmark, from a bundle: `./run.sh [--quick] [--out folder]`. See README.md.
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createNetwork } from "@bioflax/core";
import { Contender, type ContenderSetup } from "../contender";
import { operationsPerExample } from "../operations";
import type { Answer } from "../protocol";
import { dense, networkOf, type Workload } from "../workloads";
import { findDriver } from "./drivers";
import { findTensorFlow } from "./find-tensorflow";
import { findXlaCuda } from "./find-xla";
import { quickWorkloads, workloads } from "./gpu-workloads";
import { markdown, type Row } from "./table";

const bundle = __dirname;
const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    out: { type: "string", default: "results" },
  },
});
/** When to begin nothing more: a run of the whole takes less than nine minutes, a quick one less than three. */
const DEADLINE = performance.now() + (options.quick ? 150_000 : 510_000);
const ROUNDS = 3;
/** How long each contender is timed in each round. */
const ROUND_MS = options.quick ? 1500 : 1200;
/** A step that takes longer than this is not timed further. */
const SLOWEST_MS = 2000;
const CHECK_STEPS = 20;
const TOLERANCE = 1e-3;

/** What is known by now, written anew after each step. */
const results: Record<string, unknown> = {};
const tables: string[] = [];
const out = resolve(options.out);
mkdirSync(out, { recursive: true });

function save(name: string, value: unknown, table?: string): void {
  results[name] = value;
  if (table !== undefined) tables.push(table);
  for (const [file, text] of [
    ["results.json", `${JSON.stringify(results, null, 2)}\n`],
    ["results.md", tables.join("\n")],
  ] as const) {
    writeFileSync(join(out, `${file}.tmp`), text);
    renameSync(join(out, `${file}.tmp`), join(out, file));
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** What a command prints; undefined where there is none. */
function printed(command: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(command, [...args], {
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 60_000,
    })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}

/** What a contender is, or why it is not there. */
function aboutOf({ greeting, ended }: Contender): string {
  if (greeting === undefined) return `not there (${ended})`;
  const { about, products } = greeting;
  return products ? `${about}, products of ${(products / 1e12).toPrecision(3)} Tflop/s` : about;
}

const ours = (name: string, ...args: string[]): ContenderSetup => ({
  name,
  command: process.execPath,
  args: [join(bundle, "trainer.cjs"), ...args],
  env: driver.env,
});
/** The eager engine on the machine's own TensorFlow: on its GPU, or on the processor alone. */
const onTensorflow = (device: "tensorflow" | "tensorflow-gpu"): ContenderSetup => {
  const setup = ours(`eager ${device}`, "eager", device);
  const seen = device === "tensorflow" ? { CUDA_VISIBLE_DEVICES: "-1" } : {};
  return { ...setup, env: { ...setup.env, ...tensorflow?.env, ...seen } };
};
const python = (name: string, program: string, how: string): ContenderSetup => ({
  name,
  command: "python3",
  args: [join(bundle, "peers", program), how, "--mnist", join(bundle, "mnist")],
});

const facts = {
  date: new Date().toISOString(),
  processor: `${cpus().length} × ${cpus()[0]?.model}`,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  system: `Linux ${release()}`,
  node: process.version,
  gpu:
    printed("nvidia-smi", [
      "--query-gpu=name,driver_version,memory.total",
      "--format=csv,noheader",
    ]) ?? "no nvidia-smi",
};
const driver = findDriver(bundle);
const tensorflow = findTensorFlow();
const xlaCuda = findXlaCuda();

async function main(): Promise<void> {
  say(
    Object.entries(facts)
      .map(([name, text]) => `${name.padEnd(10)} ${text}`)
      .join("\n"),
  );
  say(`webgpu     ${driver.adapter ?? "no GPU"} (${driver.how})`);
  say(`tensorflow ${tensorflow?.version ?? "none in python3"}`);
  save(
    "machine",
    {
      ...{ ...facts, webgpu: driver.adapter ?? null, driver: driver.how },
      tensorflow: tensorflow?.version ?? null,
    },
    [
      ...Object.entries({
        ...facts,
        webgpu: `${driver.adapter ?? "no GPU"} (${driver.how})`,
        tensorflow: tensorflow?.version ?? "none in python3",
      }).map(([name, text]) => `- ${name}: ${text}`),
      "",
    ].join("\n"),
  );

  const contenders = [
    ours("compiled cpu", "compiled", "cpu"),
    ...(driver.adapter === undefined
      ? []
      : [
          ours("compiled webgpu", "compiled", "webgpu"),
          ours("compiled webgpu, Loop", "compiled", "webgpu", "loop"),
          ours("eager webgpu", "eager", "webgpu"),
        ]),
    ours("eager wasm", "eager", "wasm"),
    ...(tensorflow === undefined
      ? []
      : [onTensorflow("tensorflow-gpu"), onTensorflow("tensorflow")]),
    ...(xlaCuda === undefined ? [] : [ours("xla cuda", "xla", xlaCuda)]),
    python("PyTorch eager", "torch_steps.py", "eager"),
    python("PyTorch compile", "torch_steps.py", "compile"),
    python("JAX jit", "jax_steps.py", "jit"),
    python("JAX scan", "jax_steps.py", "scan"),
  ].map((setup) => new Contender(setup));
  for (const contender of contenders) {
    await contender.start();
    say(`${contender.name.padEnd(22)} ${aboutOf(contender)}`);
  }
  const there = contenders.filter(({ ended }) => ended === undefined);
  save(
    "contenders",
    contenders.map(({ name, greeting, ended }) => ({ name, ...greeting, ended })),
    [...contenders.map((contender) => `- ${contender.name}: ${aboutOf(contender)}`), ""].join("\n"),
  );

  await check(there);
  const rows: Row[] = [];
  for (const workload of options.quick ? quickWorkloads : workloads) {
    if (performance.now() > DEADLINE) {
      say(`skipped for want of time: ${workload.name}`);
      continue;
    }
    rows.push(await time(workload, there));
    save("timings", rows);
  }
  const table = markdown(
    rows,
    there.map(({ name }) => name),
  );
  save("timings", rows, table);
  say(`\n${table}`);
  for (const contender of contenders) contender.stop();
}

/** Holds the losses of each of our devices against the processor's, rule by rule. */
async function check(there: readonly Contender[]): Promise<void> {
  const own = there.filter(({ name }) => /^(compiled|eager|xla)/.test(name));
  const [reference, ...others] = own as [Contender, ...Contender[]];
  const found: object[] = [];
  const lines: string[] = [];
  for (const rule of ["bp", "fa", "kp", "dfa", "brsf"] as const) {
    const workload = { ...dense([784, 32, 32, 10], 32, rule), name: `check ${rule}` };
    const request = { workload, steps: CHECK_STEPS, losses: true };
    const expected = (await reference.ask(request, 60_000)).losses ?? [];
    for (const contender of others) {
      const { losses, error } = await contender.ask(request, 60_000);
      const worst = losses?.reduce(
        (most, loss, i) => Math.max(most, Math.abs(loss / (expected[i] as number) - 1)),
        losses.length === CHECK_STEPS ? 0 : Number.POSITIVE_INFINITY,
      );
      const isRight = worst !== undefined && worst < TOLERANCE;
      found.push({ contender: contender.name, rule, worst, error, isRight });
      const line = `${isRight ? "right" : "WRONG"}  ${contender.name}, ${rule}: ${error ?? `off by ${worst?.toExponential(1)} at most`}`;
      lines.push(`- ${line}`);
      say(line);
      if (!isRight) process.exitCode = 1;
    }
  }
  save(
    "losses",
    found,
    [`The first ${CHECK_STEPS} losses against the processor's, relative:`, "", ...lines, ""].join(
      "\n",
    ),
  );
}

/** Times every contender on one workload, in turn, so that all see the same machine. */
async function time(workload: Workload, there: readonly Contender[]): Promise<Row> {
  say(`\n${workload.name}`);
  const entrants: {
    contender: Contender;
    steps: number;
    milliseconds: number[];
    error?: string;
  }[] = [];
  for (const contender of there) {
    const first = await contender.ask({ workload, steps: 2 }, 60_000);
    // Twice, for what is made at the first step is not of the steps.
    const { milliseconds, error } = first.error
      ? first
      : await contender.ask({ workload, steps: 4 }, 30_000);
    const tooSlow = milliseconds !== undefined && milliseconds > SLOWEST_MS;
    entrants.push({
      contender,
      steps: tooSlow || milliseconds === undefined ? 0 : stepsIn(milliseconds),
      milliseconds: [],
      ...(error !== undefined && { error }),
      ...(tooSlow && { error: `skipped: a step takes ${Math.round(milliseconds)} ms` }),
    });
  }
  for (let round = 0; round <= ROUNDS; round++)
    for (const entrant of entrants) {
      if (entrant.steps === 0) continue;
      const { contender, steps } = entrant;
      const answer: Answer = await contender.ask({ workload, steps }, 30_000);
      if (answer.milliseconds === undefined) {
        entrant.steps = 0;
        entrant.error = answer.error ?? "failed";
      } else if (round === 0) entrant.steps = stepsIn(answer.milliseconds);
      // The round in which the number of steps is found does not count.
      else entrant.milliseconds.push(answer.milliseconds);
    }
  for (const { contender, milliseconds, error } of entrants)
    say(
      `  ${contender.name.padEnd(22)} ${error ?? `${milliseconds.map((ms) => ms.toFixed(3)).join(", ")} ms a step`}`,
    );
  const operations = operationsPerExample(createNetwork(networkOf(workload))) * workload.batch;
  return {
    workload: workload.name,
    gigaflops: operations / 1e9,
    cells: entrants.map(({ contender, milliseconds, error }) => ({
      contender: contender.name,
      milliseconds,
      ...(error !== undefined && { error }),
    })),
  };
}

/** As many steps as fit in a round: a power of two, for which programs are made once. */
function stepsIn(milliseconds: number): number {
  return 2 ** Math.max(1, Math.round(Math.log2(ROUND_MS / milliseconds)));
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
