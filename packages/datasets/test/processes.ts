import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { PublishedFile } from "../src/files/download";

/** What Node is to be started with to run a file of this folder from its sources. */
function nodeArguments(file: string, values: readonly unknown[]): string[] {
  return [
    "--conditions=@bioflax/source",
    `--require=${join(__dirname, "typescript.cjs")}`,
    "--input-type=commonjs",
    `--eval=require(${JSON.stringify(join(__dirname, file))})`,
    JSON.stringify(values),
  ];
}

/** Downloads a file in a process of its own. */
export function runDownload(file: PublishedFile, baseUrl: string, folder: string): ChildProcess {
  return spawn(process.execPath, nodeArguments("download-process.ts", [file, baseUrl, folder]), {
    stdio: ["ignore", "inherit", "inherit"],
  });
}

/**
 * What starts a command in a PID namespace of its own, as a container has, and ends all of it when it is killed itself.
 */
const unshare = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"] as const;

/** Whether this system lets us start one. */
export const hasNamespaces = (): boolean =>
  spawnSync(unshare[0], [...unshare.slice(1), "true"]).status === 0;

/**
 * Has a process of its own take a lock, and waits until it has it.
 *
 * @param inNamespace whether in a PID namespace of its own.
 * @param blockedFor for how many milliseconds it keeps it, computing all the while; until it is killed when left out.
 */
export async function lockingProcess(
  path: string,
  {
    inNamespace = false,
    blockedFor = null,
  }: { inNamespace?: boolean; blockedFor?: number | null } = {},
): Promise<ChildProcess> {
  const [command, ...args] = [
    ...(inNamespace ? unshare : []),
    process.execPath,
    ...nodeArguments("lock-process.ts", [path, blockedFor]),
  ] as [string, ...string[]];
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  await Promise.race([
    once(child.stdout, "data"),
    once(child, "close").then(() => {
      throw new Error("the process ended without the lock");
    }),
  ]);
  return child;
}
