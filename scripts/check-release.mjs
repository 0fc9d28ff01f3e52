// Releases the working tree to a registry on this machine, by the commands of .github/workflows/release.yml, and installs
// it from there as a stranger would: by the commands of the READMEs, with npm and pnpm, each in an empty folder. Then runs
// the command, and the READMEs' examples as modules, as CommonJS and as TypeScript. `--keep` leaves the folders there.
// Others' packages come from the registry that npm is set up for, and nobody else is asked for anything.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeExamples, writeProjects } from "./release/examples.mjs";
import { startGuard, startRegistry } from "./release/registry.mjs";
import { run } from "./run.mjs";

const { keep } = parseArgs({ options: { keep: { type: "boolean" } } }).values;
const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "bioflax-release-"));
process.on("exit", () => !keep && rmSync(scratch, { recursive: true, force: true }));

/** What a command prints. @throws when it fails. */
function output(command, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    ...options,
  });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}\n${stdout}${stderr}`);
  return stdout;
}

/** This process's environment without what whoever started it has set of npm and pnpm. */
const plainEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^p?npm_/i.test(name)),
);

/** Runs a step and says how it went. @throws when the exit status is not 0. */
async function step(name, command, args, options) {
  const { ok, output: said, seconds } = await run(command, args, options);
  console.log(`${ok ? "ok   " : "FAIL "} ${name} (${seconds.toFixed(1)} s)`);
  if (!ok) throw new Error(`${name}\n${said.trimEnd()}`);
  return said;
}

/** The same of a line as a README has it. */
const line = (text, options) => step(text, "sh", ["-c", text], options);

/** The manifests of the packages that are published, of the workspace in a folder. */
function published(folder) {
  return readdirSync(join(folder, "packages"))
    .map((name) => JSON.parse(readFileSync(join(folder, "packages", name, "package.json"), "utf8")))
    .filter((manifest) => !manifest.private);
}

/** A copy of the working tree, with what is not committed, as a repository of its own. */
function copyTree() {
  const copy = join(scratch, "workspace");
  const files = output("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
  });
  const there = new Set(output("git", ["ls-files", "-z", "--deleted"], { cwd: root }).split("\0"));
  for (const file of files.split("\0").filter((name) => name !== "" && !there.has(name))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  const git = (...args) =>
    output("git", ["-c", "user.name=bioflax", "-c", "user.email=release@localhost", ...args], {
      cwd: copy,
    });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message", "As it is");
  return copy;
}

/** Lines of a page's shell blocks that begin with a command. */
function shellLines(page, command) {
  return [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
    .flatMap(([, block]) => block.split("\n"))
    .map((text) => text.replace(/\s+#.*$/, ""))
    .filter((text) => text.startsWith(`${command} `));
}

/** A new folder with an empty project in it. */
function project(name) {
  const folder = join(scratch, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  return folder;
}

const uplink = output("npm", ["config", "get", "registry"], {
  cwd: tmpdir(),
  env: plainEnv,
}).trim();
const names = published(root).map(({ name }) => name);
const registry = await startRegistry(scratch, { names, uplink });
const guard = await startGuard();
// Answered by nobody but our registry: everything else would go through the guard.
const cache = join(scratch, "npm-cache");
mkdirSync(cache);
// What others publish need not be fetched again; what `npx` has installed before must be.
symlinkSync(
  join(
    output("npm", ["config", "get", "cache"], { cwd: tmpdir(), env: plainEnv }).trim(),
    "_cacache",
  ),
  join(cache, "_cacache"),
);
writeFileSync(
  join(scratch, "npmrc"),
  `registry=${registry.url}\n//${new URL(registry.url).host}/:_authToken=anybody\n`,
);
const env = {
  ...plainEnv,
  CI: "true",
  npm_config_userconfig: join(scratch, "npmrc"),
  npm_config_registry: registry.url,
  npm_config_cache: cache,
  npm_config_audit: "false",
  npm_config_update_notifier: "false",
  XDG_CACHE_HOME: join(scratch, "cache"),
  TURBO_TELEMETRY_DISABLED: "1",
};
const guarded = {
  ...env,
  ...Object.fromEntries(
    [
      "HTTP_PROXY",
      "HTTPS_PROXY",
      "http_proxy",
      "https_proxy",
      "GLOBAL_AGENT_HTTP_PROXY",
      "GLOBAL_AGENT_HTTPS_PROXY",
    ].map((name) => [name, guard.url]),
  ),
  NO_PROXY: "127.0.0.1",
  no_proxy: "127.0.0.1",
};

/**
 * Holds that the release workflow asks for provenance, by a setting that pnpm obeys: with it, nothing is published where
 * there is no GitHub to state where it comes from.
 */
async function checkProvenance(workspace) {
  const workflow = readFileSync(join(workspace, ".github/workflows/release.yml"), "utf8");
  const setting = /^ +(\w*PROVENANCE): "(\w+)"$/m.exec(workflow);
  if (setting === null) throw new Error("release.yml does not ask for provenance.");
  const elsewhere = Object.entries(env).filter(
    ([name]) => !/^(CI|GITHUB_.*|ACTIONS_.*)$/.test(name),
  );
  const { ok, output: said } = await run("pnpm", ["publish", "--no-git-checks"], {
    cwd: join(workspace, "packages/core"),
    env: { ...Object.fromEntries(elsewhere), [setting[1]]: setting[2] },
  });
  if (ok || !said.includes("ERR_PNPM_PROVENANCE"))
    throw new Error(`${setting[1]} in release.yml: expected pnpm to obey it, received:\n${said}`);
  console.log("ok    provenance is asked for");
}

async function release() {
  const cwd = copyTree();
  await step(
    "copy: pnpm install",
    "pnpm",
    ["install", "--frozen-lockfile", "--prefer-offline", "--ignore-scripts"],
    { cwd, env },
  );
  await step("pnpm run version", "pnpm", ["run", "version"], { cwd, env });
  const manifests = published(cwd);
  const [version, ...others] = new Set(manifests.map((manifest) => manifest.version));
  if (others.length > 0) throw new Error(`Versions differ: ${[version, ...others].join(", ")}`);
  await checkProvenance(cwd);
  await step("pnpm run release", "pnpm", ["run", "release"], { cwd, env });
  for (const { name } of manifests) {
    const found = output("npm", ["view", name, "version"], { cwd: scratch, env }).trim();
    if (found !== version)
      throw new Error(`${name}: expected ${version} in the registry, found ${found}`);
  }
  console.log(`      ${manifests.length} packages, version ${version}`);
  return { cwd, version };
}

/** Installs all packages by the lines of their READMEs, and puts them to use. */
async function install(manager, pages, version) {
  const cwd = project(manager.name);
  const options = { cwd, env: guarded };
  const lines = new Set(pages.flatMap((page) => shellLines(page, manager.command)));
  for (const text of lines) if (!/--global|-g /.test(text)) await line(text, options);
  const installed = names.filter((name) => existsSync(join(cwd, "node_modules", name)));
  for (const name of installed) {
    const files = readdirSync(join(cwd, "node_modules", name));
    const lacking = ["CHANGELOG.md", "LICENSE", "README.md"].filter(
      (file) => !files.includes(file),
    );
    if (lacking.length > 0) throw new Error(`${name}: ${lacking.join(", ")} not in the package`);
  }
  await line(`${manager.run} bioflax --version`, options);
  await line(`${manager.run} bioflax train --dataset blobs --epochs 1 --out a-run`, options);
  const examples = writeExamples(cwd, installed);
  await step(`${manager.name}: examples as modules`, process.execPath, ["run.mjs"], options);
  await step(`${manager.name}: examples as CommonJS`, process.execPath, ["run.cjs"], options);
  await line(`${manager.dev} typescript@${manager.typescript} @types/node@20`, options);
  for (const name of writeProjects(cwd))
    await step(
      `${manager.name}: examples as TypeScript, ${name}`,
      process.execPath,
      ["node_modules/typescript/bin/tsc", "--project", `tsconfig.${name}.json`],
      options,
    );
  console.log(`      ${examples} examples of version ${version}`);
}

try {
  const { cwd: workspace, version } = await release();
  const pages = [
    join(workspace, "README.md"),
    ...readdirSync(join(workspace, "packages")).map((name) =>
      join(workspace, "packages", name, "README.md"),
    ),
  ].map((path) => readFileSync(path, "utf8"));
  const typescript = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies
    .typescript;
  await install(
    {
      name: "npm",
      command: "npm install",
      run: "npx",
      dev: "npm install --ignore-scripts --save-dev",
      typescript: `'${typescript}'`,
    },
    pages,
    version,
  );
  await install(
    {
      name: "pnpm",
      command: "pnpm add",
      run: "pnpm exec",
      dev: "pnpm add --ignore-scripts --save-dev",
      typescript: `'${typescript}'`,
    },
    pages,
    version,
  );
  // The command without an installation, and everywhere.
  const page = readFileSync(join(workspace, "packages/bioflax/README.md"), "utf8");
  const empty = join(scratch, "empty");
  mkdirSync(empty);
  for (const command of ["npx", "pnpm dlx"]) {
    const [text] = shellLines(page, command);
    await line(`${text.replace(/ train .*/, "")} --version`, { cwd: empty, env: guarded });
    await line(
      `${text.replace(/ train .*/, "")} train --dataset blobs --epochs 1 --out ${command.replace(" ", "-")}`,
      { cwd: empty, env: guarded },
    );
  }
  const prefix = join(scratch, "global");
  const everywhere = {
    ...guarded,
    npm_config_prefix: prefix,
    PATH: `${join(prefix, "bin")}${delimiter}${process.env.PATH}`,
  };
  const [globally] = shellLines(page, "npm install");
  await line(globally.replace(/ train .*/, " --version"), { cwd: empty, env: everywhere });
  if (guard.asked.length > 0)
    throw new Error(`Asked for, beside the registry: ${[...new Set(guard.asked)].join(", ")}`);
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
} finally {
  guard.stop();
  await registry.stop();
  if (keep) console.log(`Kept: ${scratch}`);
}
