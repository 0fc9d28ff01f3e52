import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import { runBioflax } from "../../../test/run-bioflax";
import { scratchFolder } from "../../../test/scratch";
import { allSettings } from "../../config/settings";

const folder = scratchFolder();
mkdirSync(join(folder, "runs with spaces"));
mkdirSync(join(folder, "train"));
writeFileSync(join(folder, "experiment.yaml"), "");

const scripts: Record<string, string> = {};

/** What a shell answers to a program of its own; without other people's settings. */
async function asked(shell: string, options: string[], program: string): Promise<string[]> {
  scripts[shell] ??= (await runBioflax(["completions", shell])).stdout;
  const { stdout, stderr, status } = spawnSync(
    shell,
    [...options, "-c", `${scripts[shell]}\n${program}\n`],
    {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: folder },
    },
  );
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout.split("\n").filter((line) => line !== "");
}

const isThere = (shell: string) => spawnSync(shell, ["--version"]).status === 0;
const ruleNames = rules.names();

describe("bash completes", () => {
  /** What is offered for the last of some words, as bash splits them. */
  const offered = (...words: string[]) =>
    asked(
      "bash",
      ["--norc"],
      `COMP_WORDS=(bioflax ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}
       $(complete -p bioflax | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
       printf '%s\\n' "\${COMPREPLY[@]}"`,
    );

  test.each<[string[], string[]]>([
    [["tr"], ["train"]],
    [["--ve"], ["--version"]],
    [["train", "--mode", ""], ruleNames],
    [["train", "--mode", "d"], ruleNames.filter((name) => name.startsWith("d"))],
    [["train", "--mode", "=", "dr"], ["drtp"]],
    [["train", "--mode", "="], ruleNames],
    [["train", "--layer-modes", "dfa", "sd"], ["sdfa"]],
    [["train", "--epochs", ""], []],
    [["train", "--mode", "fa", ""], []],
    [["train", "--weight-d"], ["--weight-decay"]],
    [
      ["train", "--shuffle", ""],
      ["true", "false"],
    ],
    [["config", "--config", "exp"], ["experiment.yaml"]],
    [
      ["config", "--format", ""],
      ["yaml", "json"],
    ],
    [["evaluate", "ru"], ["runs with spaces"]],
    [["evaluate", "runs with spaces", "--split", "v"], ["validation"]],
    [
      ["export", "--format", ""],
      ["tfjs", "onnx", "stablehlo", "safetensors"],
    ],
    [
      ["completions", ""],
      ["bash", "zsh", "fish"],
    ],
    [["sweep", "st"], ["status"]],
    [["sweep", "exp"], ["experiment.yaml"]],
    [
      ["sweep", "--replicas", ""],
      ["auto", "always", "never"],
    ],
    [["sweep", "best", "--g"], ["--goal"]],
    [
      ["sweep", "best", "--goal", ""],
      ["min", "max"],
    ],
    [["sweep", "status", "runs w"], ["runs with spaces"]],
    [["nonsense", ""], []],
  ])("%j", async (words, expected) => {
    expect(await offered(...words)).toEqual(expected);
  });

  test("every command, and every setting of train", async () => {
    const commands = (await offered("")).filter((word) => !word.startsWith("-"));
    const { stdout } = await runBioflax(["--help"]);
    for (const command of commands) expect(stdout).toContain(`\n  ${command} `);
    expect(commands).toEqual(expect.arrayContaining(["train", "config", "evaluate", "predict"]));
    expect(await offered("train", "--")).toEqual(
      expect.arrayContaining(allSettings().map(({ flag }) => `--${flag}`)),
    );
  });
});

(isThere("fish") ? describe : describe.skip)("fish completes", () => {
  test.each<[string, string[]]>([
    ["bioflax tr", ["train"]],
    ["bioflax train --mode dk", ["dkp"]],
    ["bioflax train --mode=dk", ["--mode=dkp"]],
    ["bioflax export --format ", ["onnx", "safetensors", "stablehlo", "tfjs"]],
    ["bioflax config --config exp", ["experiment.yaml"]],
    ["bioflax completions z", ["zsh"]],
    ["bioflax sweep sta", ["status"]],
    ["bioflax sweep best --goal m", ["max", "min"]],
    ["bioflax sweep report --mod", []],
  ])("%s", async (line, expected) => {
    const lines = await asked("fish", ["--no-config"], `complete -C ${JSON.stringify(line)}`);
    expect(lines.map((one) => one.split("\t")[0])).toEqual(expected);
  });
});

(isThere("zsh") ? test : test.skip)("zsh reads its script", async () => {
  const program =
    'autoload -U compinit; compinit -D -u; source <(cat <<<"$completions"); print $_comps[bioflax]';
  const script = (await runBioflax(["completions", "zsh"])).stdout;
  const { stdout, stderr } = spawnSync("zsh", ["-f", "-c", program], {
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: folder, completions: script },
  });
  expect({ stdout, stderr }).toEqual({ stdout: "_bioflax\n", stderr: "" });
});

test("another shell is bad usage", async () => {
  expect(await runBioflax(["completions", "tcsh"])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("Allowed choices are bash, zsh, fish"),
  });
});
