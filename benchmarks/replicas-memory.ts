// How much memory do ten replicas of mnist-dfa take, beside one run of it?
//
//   pnpm --filter benchmarks run replicas-memory [--replicas 10] [--rounds 3] [--engine compiled] [--mmap-threshold 131072]
//
// Each is trained in a process of its own, in turn, with checkpoints, on a tenth of the examples: the rest is validation,
// in memory all the same. Peaks are the kernel's, of all that the process had resident. With --mmap-threshold glibc takes
// larger arrays from the kernel one by one, and gives each back when it is freed; else it keeps many of them.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type ConfigInput, train, trainReplicas } from "@bioflax/trainer";
import { median } from "./statistics";

const { values: options } = parseArgs({
  options: {
    replicas: { type: "string", default: "10" },
    rounds: { type: "string", default: "3" },
    engine: { type: "string", default: "compiled" },
    "mmap-threshold": { type: "string" },
    /** Of the process that is measured: how many networks, and where they go. */
    measured: { type: "string" },
    out: { type: "string" },
  },
});
const count = Number(options.replicas);
const threshold = options["mmap-threshold"];

const config: ConfigInput = {
  dataset: "mnist",
  mode: "dfa",
  activations: ["tanh", "tanh"],
  lr: 0.1,
  valSplit: 0.9,
  epochs: 1,
  tensorboard: false,
  engine: options.engine as "compiled",
};

/** The most memory this process has when so many have trained in it. */
async function peakOf(networks: number, out: string): Promise<number> {
  const own = (seed: number) => ({ ...config, seed, out: join(out, `seed-${seed}`) });
  if (networks === 1) await train(own(0));
  else
    for (const outcome of await trainReplicas(Array.from({ length: networks }, (_, i) => own(i))))
      if (outcome.status === "rejected") throw outcome.reason;
  return process.resourceUsage().maxRSS * 1024;
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);

if (options.measured !== undefined) {
  console.log(await peakOf(Number(options.measured), options.out as string));
} else {
  const peaks = new Map<number, number[]>([
    [1, []],
    [count, []],
  ]);
  let weights = 0;
  for (let round = 0; round < Number(options.rounds); round++)
    for (const [networks, measured] of peaks) {
      const out = mkdtempSync(join(tmpdir(), "bioflax-memory-"));
      const args = ["--measured", String(networks), "--out", out, "--engine", options.engine];
      const script = fileURLToPath(import.meta.url);
      const text = execFileSync(process.execPath, [script, ...args], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
        env: { ...process.env, ...(threshold && { MALLOC_MMAP_THRESHOLD_: threshold }) },
      });
      measured.push(Number(text));
      weights = statSync(join(out, "seed-0", "final.safetensors")).size;
      rmSync(out, { recursive: true });
    }
  const [one, several] = [...peaks.values()].map(median) as [number, number];
  const floor = one + count * weights;
  console.log(
    `${options.engine}, mnist-dfa: one run ${megabytes(one)} MB; weights of ${count} ${megabytes(count * weights)} MB; ` +
      `${count} replicas ${megabytes(several)} MB, ×${(several / floor).toFixed(2)} of both`,
  );
}
