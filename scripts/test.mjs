// `pnpm test`: build, then every check that is not a unit test, then Jest. Ends with Jest's own summary
// and one line, `N passed, N failed`, in which a failed check counts as one failure.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mapParallel, run } from "./run.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: "1" };
const bin = (name) => join(root, "node_modules", ".bin", name);

/** @type {[string, string, string[]][]} */
const gates = [
  ["typecheck", bin("tsc"), ["--project", "tsconfig.json"]],
  ["check:arrows", process.execPath, ["scripts/check-arrows.mjs"]],
  ["check:packages", process.execPath, ["scripts/check-packages.mjs"]],
  ["check:sizes", process.execPath, ["apps/browser-checks/scripts/sizes.mjs"]],
  ["check:plugin", process.execPath, ["scripts/check-plugin.mjs"]],
  ["lint", bin("biome"), ["check", "--error-on-warnings", "--colors=off"]],
  ["knip", bin("knip"), ["--no-progress"]],
];

const check = async ([name, command, args]) => {
  const { ok, output, seconds } = await run(command, args, { cwd: root, env });
  console.log(`${ok ? "ok   " : "FAIL "} ${name.padEnd(16)} ${seconds.toFixed(1)} s`);
  if (!ok) console.log(`\n${output.trimEnd()}\n`);
  return { name, ok };
};

const results = [await check(["build", bin("turbo"), ["run", "build"]])];
results.push(...(await mapParallel(gates, check)));
const failedChecks = results.filter((result) => !result.ok);

const scratch = mkdtempSync(join(tmpdir(), "bioflax-test-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
const report = join(scratch, "jest.json");

console.log("");
const jest = await run(
  bin("jest"),
  ["--reporters=default", "--reporters=./scripts/jest-tally.mjs"],
  {
    cwd: root,
    env: { ...env, JEST_TALLY: report },
    // Jest reports on stderr; on stdout it stays in order with the lines above and below.
    stdio: ["ignore", "inherit", process.stdout],
  },
);

let passed = 0;
let failed = failedChecks.length;
if (existsSync(report)) {
  const tally = JSON.parse(readFileSync(report, "utf8"));
  passed = tally.passed;
  failed += tally.failed;
}
// Jest ended before its report, or fails for something that is not a test, such as a bad option.
if (!jest.ok && failed === failedChecks.length) failed += 1;

if (failedChecks.length > 0) {
  console.log(`\nFailed checks: ${failedChecks.map((result) => result.name).join(", ")}`);
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
