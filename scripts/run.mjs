import { spawn } from "node:child_process";
import { cpus } from "node:os";

/**
 * Runs a command without a terminal and collects what it prints.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 * @returns {Promise<{ ok: boolean, output: string, seconds: number }>}
 */
export function run(command, args, options = {}) {
  const start = performance.now();
  return new Promise((resolve) => {
    const chunks = [];
    const child = spawn(command, args, {
      shell: process.platform === "win32",
      stdio: ["ignore", "pipe", "pipe"],
      ...options,
    });
    child.stdout?.on("data", (chunk) => chunks.push(chunk));
    child.stderr?.on("data", (chunk) => chunks.push(chunk));
    const finish = (ok, note = "") =>
      resolve({
        ok,
        output: Buffer.concat(chunks).toString() + note,
        seconds: (performance.now() - start) / 1000,
      });
    child.on("error", (error) => finish(false, `${error.message}\n`));
    child.on("close", (code) => finish(code === 0));
  });
}

/**
 * Maps with as many calls at a time as there are processors.
 *
 * @template A, B
 * @param {readonly A[]} items
 * @param {(item: A) => Promise<B>} work
 * @returns {Promise<B[]>}
 */
export async function mapParallel(items, work, limit = cpus().length) {
  const results = new Array(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const i = next++;
      results[i] = await work(items[i]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
