import { Worker } from "node:worker_threads";

/** How long each way is tried. */
const TRY_MS = 60;

/** Measured before, by working set and threads. */
const known = new Map<string, Promise<number>>();

/**
 * How fast all threads together go over data of so many bytes again and again, in bytes a second: the faster of copying
 * one half to the other and comparing the halves, both as the C library does them. What fits in a cache goes at the
 * cache's speed.
 */
export function bandwidth(workingSet: number, threads: number): Promise<number> {
  // Powers of two: the caches' sizes matter, and little else.
  const each = 2 ** Math.round(Math.log2(Math.max(workingSet / threads, 4096)));
  const key = `${each} ${threads}`;
  const measured = known.get(key) ?? measure(each, threads);
  known.set(key, measured);
  return measured;
}

async function measure(bytes: number, threads: number): Promise<number> {
  const workers = Array.from({ length: threads }, () => new Worker(program, { eval: true }));
  try {
    let best = 0;
    for (const way of ["copy", "compare"]) {
      const speeds = workers.map(
        (worker) =>
          new Promise<number>((resolve, reject) => {
            worker.once("message", resolve).once("error", reject);
            worker.postMessage({ bytes, way, milliseconds: TRY_MS });
          }),
      );
      const sum = (await Promise.all(speeds)).reduce((total, speed) => total + speed, 0);
      best = Math.max(best, sum);
    }
    return best;
  } finally {
    for (const worker of workers) await worker.terminate();
  }
}

/** One thread's part, as text because a benchmark is built into one file.. */
const program = `
const { parentPort } = require("node:worker_threads");
parentPort.on("message", ({ bytes, way, milliseconds }) => {
  const [a, b] = [Buffer.alloc(bytes / 2, 1), Buffer.alloc(bytes / 2, 1)];
  const pass = way === "copy" ? () => a.copy(b) : () => a.compare(b);
  const passes = Math.max(1, Math.round(2 ** 23 / bytes));
  for (let i = 0; i < passes; i++) pass();
  let best = 0;
  const end = performance.now() + milliseconds;
  do {
    const start = performance.now();
    for (let i = 0; i < passes; i++) pass();
    best = Math.max(best, (1000 * bytes * passes) / (performance.now() - start));
  } while (performance.now() < end);
  parentPort.postMessage(best);
});
`;
