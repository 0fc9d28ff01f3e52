import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ContenderSetup, startGroup } from "./contender";

/** How to run one of the programs in `peers`. */
export type PythonProgram = (program: string, ...args: string[]) => Omit<ContenderSetup, "name">;

const ENVIRONMENT = ".venv";
const REQUIREMENTS = "peers/requirements.txt";
/** What the environment was made from, written when it is complete. */
const MADE_FROM = join(ENVIRONMENT, "requirements.txt");

/**
 * Peers compute on the processor, as what they are compared with, by the kernels that their libraries choose for it.
 */
const env = {
  CUDA_VISIBLE_DEVICES: "",
  JAX_PLATFORMS: "cpu",
  OPENBLAS_CORETYPE: undefined,
  OPENBLAS_L2_SIZE: undefined,
};

/**
 * A Python with the libraries that are compared with: the one that is given, else an environment of the benchmarks'
 * own, which is made where it is not there.
 *
 * @returns undefined, and says why in a line, where there is none to be had.
 */
export async function findPython(given: string | undefined): Promise<PythonProgram | undefined> {
  const command = given ?? (await ownPython());
  if (command === undefined) return undefined;
  return (program, ...args) => ({ command, args: [join("peers", program), ...args], env });
}

async function ownPython(): Promise<string | undefined> {
  const python = join(
    ENVIRONMENT,
    process.platform === "win32" ? "Scripts/python.exe" : "bin/python",
  );
  const requirements = readFileSync(REQUIREMENTS, "utf8");
  if (existsSync(MADE_FROM) && readFileSync(MADE_FROM, "utf8") === requirements) return python;
  process.stderr.write(`making benchmarks/${ENVIRONMENT} with PyTorch and JAX, once: minutes\n`);
  try {
    if (spawnSync(python, ["-m", "pip", "--version"]).status !== 0) {
      rmSync(ENVIRONMENT, { recursive: true, force: true });
      await run("python3", "-m", "venv", ENVIRONMENT);
    }
    // Where the registry is out of reach, that is soon known.
    const patience = ["--retries", "1", "--timeout", "20"];
    await run(
      python,
      "-m",
      "pip",
      "install",
      "--quiet",
      ...patience,
      "--requirement",
      REQUIREMENTS,
    );
  } catch (error) {
    process.stderr.write(`PyTorch and JAX are left out: ${(error as Error).message}\n`);
    return undefined;
  }
  writeFileSync(MADE_FROM, requirements);
  return python;
}

/** Runs a command to its end. @throws Error with its last words when it fails. */
async function run(command: string, ...args: string[]): Promise<void> {
  const child = startGroup({ command, args });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => {
      said = (said + chunk).slice(-4000);
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code === 0) return;
  const errors = said.split("\n").filter((line) => line.trim() !== "");
  const last = errors.findLast((line) => /^error/i.test(line)) ?? errors.at(-1) ?? "";
  throw new Error(`${[command, ...args].join(" ")} ended with ${code}: ${last}`);
}
