import { type StdioOptions, spawnSync } from "node:child_process";
import { existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { scratchFolder } from "../../test/scratch";

const scratch = scratchFolder();
const FULL = "/dev/full";

/** Runs the command in a process of its own, with streams of its own. */
function bioflax(args: readonly string[], stdio: StdioOptions) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      "--conditions=@bioflax/source",
      `--require=${join(__dirname, "../../../datasets/test/typescript.cjs")}`,
      "--input-type=commonjs",
      `--eval=require(${JSON.stringify(join(__dirname, "../../test/cli-process.ts"))})`,
      JSON.stringify(args),
    ],
    { stdio, encoding: "utf8" },
  );
  return { status, stdout, stderr };
}

const small = ["train", "--dataset", "sinreg", "--epochs", "1", "--train-set-size", "4"];
const layers = ["--hidden-layers=", "--activations=", "--threads", "1"];

// /dev/full stands in for a full disk; Linux has it.
const onLinux = existsSync(FULL) ? describe : describe.skip;

// Reported: `train 2>FULL` ended with status 1, nothing said, nothing trained, and its lock left; results ended in
// Node's raw stack.
onLinux("where the disk is full", () => {
  const full = () => openSync(FULL, "w");

  test("a log that cannot be written ends nothing", () => {
    const out = join(scratch, "log");
    const args = [...small, ...layers, "--out", out, "--json"];
    const { status, stdout } = bioflax(args, ["ignore", "pipe", full()]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: "done", epochs: 1 });
    expect(readdirSync(out)).not.toContain(".lock");
    expect(JSON.parse(readFileSync(join(out, "summary.json"), "utf8")).status).toBe("done");
  });

  test("a result that cannot be printed is an error that says so, and the run is complete", () => {
    const out = join(scratch, "result");
    const args = [...small, ...layers, "--out", out, "--quiet", "--json"];
    const { status, stderr } = bioflax(args, ["ignore", full(), "pipe"]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^done in .*\nerror: standard output: expected to be able to write it, but the disk is full\. Send it somewhere else; nothing else is lost\.\n$/,
    );
    expect(readdirSync(out)).not.toContain(".lock");
    expect(JSON.parse(readFileSync(join(out, "summary.json"), "utf8")).status).toBe("done");
  });

  test.each([[["config"]], [["--version"]], [["train", "--help"]], [["completions", "bash"]]])(
    "%j",
    (args) => {
      expect(bioflax(args, ["ignore", full(), "pipe"])).toMatchObject({
        status: 1,
        stderr:
          "error: standard output: expected to be able to write it, but the disk is full. Send it somewhere else; nothing else is lost.\n",
      });
    },
  );

  test("an error that cannot be told still has its status", () => {
    expect(bioflax(["train", "--lr", "-1"], ["ignore", "pipe", full()]).status).toBe(2);
    expect(bioflax(["config"], ["ignore", full(), full()]).status).toBe(1);
  });
});

test("a file gets all of what is printed", () => {
  const file = join(scratch, "config.yaml");
  const printed = bioflax(["config"], ["ignore", "pipe", "pipe"]);
  expect(bioflax(["config"], ["ignore", openSync(file, "w"), "pipe"]).status).toBe(0);
  expect(readFileSync(file, "utf8")).toBe(printed.stdout);
});
