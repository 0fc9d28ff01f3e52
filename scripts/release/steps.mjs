import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../run.mjs";

/** This process's environment without what whoever started it has set of npm and pnpm. */
export const plainEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^p?npm_/i.test(name)),
);

/** What a command prints on stdout. @throws when it fails. */
export function output(command, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    ...options,
  });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}\n${stdout}${stderr}`);
  return stdout;
}

/** Runs a command and says how it went. @throws when its exit status is not 0. */
export async function step(name, command, args, options) {
  const { ok, output: said, seconds } = await run(command, args, options);
  console.log(`${ok ? "ok   " : "FAIL "} ${name} (${seconds.toFixed(1)} s)`);
  if (!ok) throw new Error(`${name}\n${said.trimEnd()}`);
}

/** The same of a line as a page has it. */
export const shell = (line, options) => step(line, "sh", ["-c", line], options);

/** Lines of a page's shell blocks that begin with a command, without their comments. */
export function shellLines(page, command) {
  return [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
    .flatMap(([, block]) => block.split("\n"))
    .map((line) => line.replace(/\s+#.*$/, ""))
    .filter((line) => line.startsWith(`${command} `));
}

/** The packages that are published, of the workspace in a folder: their folders and manifests. */
export function publicPackages(workspace) {
  return readdirSync(join(workspace, "packages"))
    .map((name) => join(workspace, "packages", name))
    .map((dir) => ({ dir, manifest: JSON.parse(readFileSync(join(dir, "package.json"), "utf8")) }))
    .filter(({ manifest }) => !manifest.private);
}
