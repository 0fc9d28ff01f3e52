import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "../run.mjs";
import { output, publicPackages, step } from "./steps.mjs";

/** Copies a working tree, with what is not committed, and makes a repository of it. */
function copyTree(root, copy) {
  const list = (...which) =>
    output("git", ["ls-files", "-z", ...which], { cwd: root })
      .split("\0")
      .filter(Boolean);
  const deleted = new Set(list("--deleted"));
  for (const file of list("--cached", "--others", "--exclude-standard")) {
    if (deleted.has(file)) continue;
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  const identity = ["-c", "user.name=bioflax", "-c", "user.email=release@localhost"];
  const git = (...args) => output("git", [...identity, ...args], { cwd: copy });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message", "As it is");
}

/**
 * Holds that the release workflow asks for provenance, by a setting that pnpm obeys: with it, nothing is published
 * where there is no GitHub to state where it comes from.
 */
async function checkProvenance(workspace, env) {
  const workflow = readFileSync(join(workspace, ".github/workflows/release.yml"), "utf8");
  const setting = /^ +(\w*PROVENANCE): "(\w+)"$/m.exec(workflow);
  if (setting === null) throw new Error("release.yml does not ask for provenance.");
  const elsewhere = Object.entries(env).filter(
    ([name]) => !/^(CI|GITHUB_.*|ACTIONS_.*)$/.test(name),
  );
  const { ok, output: said } = await run("pnpm", ["publish", "--no-git-checks"], {
    cwd: publicPackages(workspace)[0].dir,
    env: { ...Object.fromEntries(elsewhere), [setting[1]]: setting[2] },
  });
  if (ok || !said.includes("ERR_PNPM_PROVENANCE"))
    throw new Error(`${setting[1]} in release.yml: expected pnpm to obey it, received:\n${said}`);
  console.log("ok    provenance is asked for");
}

/**
 * Releases a copy of a working tree by the scripts of the release workflow.
 *
 * @param {string} root the working tree.
 * @param {string} workspace where the copy goes.
 * @param {NodeJS.ProcessEnv} env says which registry.
 * @throws when a step fails, versions differ, or the registry does not have them then.
 */
export async function release(root, workspace, env) {
  copyTree(root, workspace);
  const options = { cwd: workspace, env };
  const install = ["install", "--frozen-lockfile", "--prefer-offline", "--ignore-scripts"];
  await step("pnpm install, in a copy", "pnpm", install, options);
  await step("pnpm run version", "pnpm", ["run", "version"], options);
  const manifests = publicPackages(workspace).map(({ manifest }) => manifest);
  const [version, ...others] = new Set(manifests.map((manifest) => manifest.version));
  if (others.length > 0) throw new Error(`Versions differ: ${[version, ...others].join(", ")}`);
  await checkProvenance(workspace, env);
  await step("pnpm run release", "pnpm", ["run", "release"], options);
  for (const { name } of manifests) {
    const found = output("npm", ["view", name, "version"], options).trim();
    if (found !== version)
      throw new Error(`${name}: expected ${version} in the registry, found ${found}`);
  }
  console.log(`      ${manifests.length} packages, version ${version}`);
}
