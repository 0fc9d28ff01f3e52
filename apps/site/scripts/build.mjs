// `pnpm site:build [--out FOLDER]`: the whole site, from the sources: files for any server, in apps/site/dist.
import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const site = join(import.meta.dirname, "..");
const root = join(site, "../..");
const { values } = parseArgs({ options: { out: { type: "string" } } });
const out = resolve(values.out ?? join(site, "dist"));

/** Runs a program of the site's; its failure is ours. */
function run(command, args, cwd = site) {
  const { status } = spawnSync(command, args, {
    cwd,
    stdio: "inherit",
    env: { ...process.env, NODE_ENV: "production", SITE_OUT: out, TURBO_TELEMETRY_DISABLED: "1" },
  });
  if (status !== 0) process.exit(status ?? 1);
}

// The charts' package and the playground; what is built already takes no time.
run(join(root, "node_modules/.bin/turbo"), ["run", "build", "--filter=site^..."], root);
run(process.execPath, ["scripts/api.mjs"]);
run(join(site, "node_modules/.bin/vitepress"), ["build"]);
cpSync(join(root, "apps/playground/dist"), join(out, "playground"), { recursive: true });
run(process.execPath, ["scripts/check-links.mjs", out, process.env.SITE_BASE ?? "/"]);
