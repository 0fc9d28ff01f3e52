// Releases the working tree to a registry on this machine, by the commands of .github/workflows/release.yml, and
// installs it from there as a stranger would: by the commands of the READMEs, with npm and pnpm, each in an empty
// folder. Then runs the command, and the READMEs' examples as modules, as CommonJS and as TypeScript. `--keep` leaves
// the folders there. Others' packages come from the registry that npm is set up for; nobody else may be asked for
// anything.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startGuard, startRegistry } from "./release/registry.mjs";
import { release } from "./release/release.mjs";
import { output, plainEnv, publicPackages } from "./release/steps.mjs";
import { installByEachLine, useInProject, useWithoutProject } from "./release/stranger.mjs";

const { keep } = parseArgs({ options: { keep: { type: "boolean" } } }).values;
const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "bioflax-release-"));
process.on("exit", () => !keep && rmSync(scratch, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

const npmSetting = (name) =>
  output("npm", ["config", "get", name], { cwd: tmpdir(), env: plainEnv }).trim();
const names = publicPackages(root).map(({ manifest }) => manifest.name);
const registry = await startRegistry(scratch, { names, uplink: npmSetting("registry") });
const guard = await startGuard();

// What others publish need not be fetched again; what `npx` has installed before must be.
const cache = join(scratch, "npm-cache");
const known = join(npmSetting("cache"), "_cacache");
mkdirSync(cache);
mkdirSync(known, { recursive: true });
symlinkSync(known, join(cache, "_cacache"));
const userconfig = join(scratch, "npmrc");
const { host } = new URL(registry.url);
writeFileSync(userconfig, `registry=${registry.url}\n//${host}/:_authToken=anybody\n`);

const env = {
  ...plainEnv,
  CI: "true",
  npm_config_userconfig: userconfig,
  npm_config_registry: registry.url,
  npm_config_cache: cache,
  npm_config_prefix: join(scratch, "global"),
  npm_config_audit: "false",
  npm_config_update_notifier: "false",
  XDG_CACHE_HOME: join(scratch, "cache"),
  TURBO_TELEMETRY_DISABLED: "1",
};
/** A stranger's: what is not the registry's goes to the guard. `onnxruntime-node` has variables of its own for that. */
const guarded = {
  ...env,
  PATH: `${join(scratch, "global", "bin")}${delimiter}${env.PATH}`,
  HTTP_PROXY: guard.url,
  HTTPS_PROXY: guard.url,
  http_proxy: guard.url,
  https_proxy: guard.url,
  GLOBAL_AGENT_HTTP_PROXY: guard.url,
  GLOBAL_AGENT_HTTPS_PROXY: guard.url,
  NO_PROXY: "127.0.0.1",
  no_proxy: "127.0.0.1",
};

try {
  const workspace = join(scratch, "workspace");
  await release(root, workspace, env);
  const read = (...path) => readFileSync(join(workspace, ...path), "utf8");
  const pages = [
    read("README.md"),
    ...publicPackages(workspace).map(({ dir }) => readFileSync(join(dir, "README.md"), "utf8")),
  ];
  const { typescript } = JSON.parse(read("package.json")).devDependencies;
  const options = { pages, names, typescript, env: guarded };
  const installing = read("docs/installing.md");
  const settings = (language) =>
    new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "m").exec(installing)[1];
  const npm = {
    add: "npm install",
    addDev: "npm install --save-dev",
    exec: "npx",
    settings: { ".npmrc": settings("ini") },
  };
  const pnpm = {
    add: "pnpm add",
    addDev: "pnpm add --save-dev",
    exec: "pnpm exec",
    settings: { "pnpm-workspace.yaml": settings("yaml") },
  };
  for (const [name, manager] of Object.entries({ npm, pnpm })) {
    await installByEachLine(join(scratch, name), manager, options);
    await useInProject(join(scratch, name, "project"), manager, options);
  }
  await useWithoutProject(join(scratch, "empty"), read("packages/bioflax/README.md"), guarded);
  if (guard.asked.length > 0)
    throw new Error(`Asked for, beside the registry: ${[...new Set(guard.asked)].join(", ")}`);
  console.log("ok    nobody but the registry was asked for anything");
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
} finally {
  guard.stop();
  await registry.stop();
  if (keep) console.log(`Kept: ${scratch}`);
}
