// A Python of our own with a package from PyPI in it, to read back what we write with the programs it is written for.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env, execPath, exit, stderr } from "node:process";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

/** Runs a program to its end. @returns its exit status and what it printed. */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"])
      child[name].on("data", (chunk) => {
        output[name] += chunk;
        options.onOutput?.(output, child);
      });
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, ...output }));
  });
}

/** Runs the built command `bioflax`. */
export const bioflax = (args, options = {}) => run(execPath, [cli, ...args], options);

/** A port nobody listens on. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A new folder for what a check makes. */
export const newFolder = (name) => mkdtemp(join(tmpdir(), `bioflax-${name}-`));

/**
 * Makes a virtual environment with some packages, or takes the one an earlier check has made.
 *
 * @returns the path of a program in it, by name.
 */
export async function pythonEnvironment(name, packages) {
  if (!existsSync(cli)) leave("the command is not built. Run: pnpm run build");
  const folder = join(tmpdir(), `bioflax-python-${name}`);
  const program = (of) => join(folder, env.OS === "Windows_NT" ? "Scripts" : "bin", of);
  const made = await run("python3", ["-m", "venv", folder]).catch(() => undefined);
  if (made === undefined) leave("there is no python3 here, so nothing was checked");
  if (made.status !== 0)
    leave(`python3 -m venv failed, so nothing was checked:\n${made.stdout}${made.stderr}`);
  stderr.write(`installing ${packages.join(", ")} in ${folder}\n`);
  const installed = await run(program("pip"), ["install", "--quiet", ...packages]);
  if (installed.status !== 0)
    leave(`pip install failed, so nothing was checked:\n${installed.stderr}`);
  return program;
}

function leave(reason) {
  stderr.write(`${reason}\n`);
  exit(2);
}

/** Collects what was wrong, and says so at the end. */
export class Findings {
  #checked = 0;
  #wrong = [];

  /** @param what is expected; nothing is said of it unless it isn't so. */
  expect(isSo, what) {
    this.#checked++;
    if (!isSo) this.#wrong.push(what);
  }

  /** Prints the outcome and ends the process. */
  finish(title) {
    for (const what of this.#wrong) stderr.write(`wrong: ${what}\n`);
    const verdict = this.#wrong.length === 0 ? "all right" : `${this.#wrong.length} of them wrong`;
    stderr.write(`${title}: ${this.#checked} checks, ${verdict}\n`);
    exit(this.#wrong.length === 0 ? 0 : 1);
  }
}
