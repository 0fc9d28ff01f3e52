import { Contender } from "./contender";
import { mnistFolder } from "./mnist-folder";
import type { PythonProgram } from "./python";

/** PyTorch at so many threads. */
export function pytorch(
  python: PythonProgram,
  how: "eager" | "compile",
  threads: number,
): Contender {
  const name = how === "eager" ? `PyTorch, ${threads} threads` : "PyTorch compile";
  const args = [how, "--mnist", mnistFolder(), "--threads", String(threads)];
  return new Contender({ name, ...python("torch_steps.py", ...args) });
}

/** JAX on all cores, or on so many. @param replicas how many `vmap` trains. */
export function jax(
  python: PythonProgram,
  how: "jit" | "loader" | "scan" | "vmap",
  threads?: number,
  replicas?: number,
): Contender {
  const names = {
    jit: "JAX jit",
    loader: "JAX as bioflax",
    scan: "JAX scan",
    vmap: "JAX vmap of scan",
  };
  const name = names[how];
  const args = [how, "--mnist", mnistFolder()];
  if (replicas !== undefined) args.push("--replicas", String(replicas));
  if (threads !== undefined) args.push("--threads", String(threads));
  return new Contender({ name, ...python("jax_steps.py", ...args) });
}

/** Starts them, and says of each what it is or why it is not there. */
export async function startPeers(peers: readonly Contender[]): Promise<void> {
  for (const peer of peers) {
    await peer.start();
    process.stderr.write(`${peer.name}: ${peer.greeting?.about ?? `not there (${peer.ended})`}\n`);
  }
}
