import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { BioflaxError } from "@bioflax/core";
import { RunFolderError } from "@bioflax/runs";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { scratchFolder } from "../../test/scratch";
import type { ConfigInput } from "../config/schema";
import { train } from "../run/train";
import { report } from "./report";

const folder = scratchFolder();
const runs: string[] = [];
let made = 0;

const small: ConfigInput = {
  dataset: "color-shapes",
  trainSetSize: 2,
  testSetSize: 2,
  hiddenLayers: [4],
  activations: ["tanh"],
  epochs: 2,
};

async function trained(input: ConfigInput): Promise<string> {
  const out = join(folder, `run-${made++}`);
  await train({ ...small, ...input, out });
  return out;
}

/** Makes a report and reads it; everything that depends on time is left out. */
async function pageOf(paths: readonly string[], title?: string): Promise<string> {
  const out = join(folder, `page-${made++}.html`);
  expect(await report(paths, { out, ...(title !== undefined && { title }) })).toBe(out);
  return readFileSync(out, "utf8");
}

/** The part of a page between two headings. */
const between = (page: string, from: string, to: string) =>
  page.slice(page.indexOf(`aria-label="${from}"`), page.indexOf(`aria-label="${to}"`));

beforeAll(async () => {
  for (const mode of ["fa", "dfa"] as const)
    for (const seed of [0, 1]) runs.push(await trained({ mode, seed, plot: seed === 0 }));
});

describe("a report", () => {
  test("predicts from a run folder what the run itself predicted", async () => {
    const [run] = runs as [string];
    const own = readFileSync(join(run, "report.html"), "utf8");
    const again = await pageOf([run]);
    const predictions = (page: string) => between(page, "Confusion", "Settings");
    expect(predictions(own)).toContain("<img ");
    expect(predictions(again)).toBe(predictions(own));
  });

  test("of several runs has them all, each once, and a title", async () => {
    const [run] = runs as [string];
    const page = await pageOf([...runs, `${run}/`, join(run, "..", basename(run))], "Two rules");
    expect(page).toContain("<h1>Two rules</h1>");
    expect(page).toContain('<p class="soft">4 runs, 2 seeds');
    for (const path of runs) expect(page).toContain(`<code>${path}`);
    // Images are drawn by the seed: those with seed 0 are shown.
    expect(page).toContain("of 2 of 4 runs");
  });

  test("of a regression by the eager engine predicts by the compiled one", async () => {
    const run = await trained({ dataset: "sinreg", engine: "eager", device: "cpu", plot: true });
    const page = await pageOf([run]);
    const [, fit] = /R² ([-\d.]+)/.exec(page) ?? [];
    const [, own] = /R² ([-\d.]+)/.exec(readFileSync(join(run, "report.html"), "utf8")) ?? [];
    expect(Number(fit)).toBeCloseTo(Number(own), 3);
    expect(page).toContain('class="dots targets"');
  });

  test("of a convolutional network", async () => {
    const run = await trained({ model: "lenet5", epochs: 1 });
    expect(await pageOf([run])).toContain('aria-label="Confusion"');
  });

  test("replaces a page that is there, and leaves nothing beside it", async () => {
    const out = join(folder, "new", "pages", "report.html");
    await report([runs[0] as string], { out });
    writeFileSync(out, "old");
    await report([runs[0] as string], { out });
    expect(readFileSync(out, "utf8")).toContain("</html>");
    expect(readdirSync(join(folder, "new", "pages"))).toEqual(["report.html"]);
  });
});

describe("a report without predictions", () => {
  /** A run whose files were changed afterwards. */
  async function changed(change: (path: string) => void, input: ConfigInput = {}): Promise<string> {
    const path = await trained({ seed: 5, epochs: 1, ...input });
    change(path);
    return path;
  }

  test.each<[string, (path: string) => void, string]>([
    [
      "where the weights are missing",
      (path) => rmSync(join(path, "final.safetensors")),
      "No predictions of the run: final.safetensors: expected a readable .safetensors file, but there is no such file",
    ],
    [
      "where the weights are broken",
      (path) => writeFileSync(join(path, "final.safetensors"), "broken"),
      "No predictions of the run: final.safetensors: expected at least 8 bytes",
    ],
  ])("%s, says why", async (_name, change, notice) => {
    const page = await pageOf([await changed(change)]);
    expect(page.includes(notice)).toBe(true);
    expect(page).not.toContain('aria-label="Confusion"');
    expect(page).toContain('aria-label="Learning"');
  });

  test("where the data set is not there, downloads nothing", async () => {
    const before = process.env.BIOFLAX_CACHE;
    process.env.BIOFLAX_CACHE = join(folder, "cache");
    try {
      const path = await changed((path) => {
        const file = join(path, "config.json");
        const config = JSON.parse(readFileSync(file, "utf8"));
        writeFileSync(file, JSON.stringify({ ...config, dataset: "cifar-10" }));
      });
      const page = await pageOf([path]);
      const notice =
        "No predictions of the run: the data set cifar-10 is not on this machine, and a report downloads nothing";
      expect(page.includes(notice)).toBe(true);
    } finally {
      process.env.BIOFLAX_CACHE = before;
      if (before === undefined) delete process.env.BIOFLAX_CACHE;
    }
  });

  test("of a run that was killed, tells so", async () => {
    const path = await changed((path) => {
      for (const name of ["final.safetensors", "summary.json"]) rmSync(join(path, name));
      const metrics = join(path, "metrics.jsonl");
      writeFileSync(metrics, `${readFileSync(metrics, "utf8")}{"epoch":2,"tr`);
    });
    expect(await pageOf([path])).toContain("was killed after 1 of 1 epochs");
  });
});

describe("no report", () => {
  test("of nothing", async () => {
    await expect(report([])).rejects.toThrow(BioflaxError);
  });

  test.each<[string, () => string, string]>([
    ["a folder that is no run", () => folder, "it holds no config.json. There are"],
    [
      "a broken run",
      () => {
        const path = join(folder, `run-${made++}`);
        mkdirSync(path);
        writeFileSync(join(path, "config.json"), "{}");
        writeFileSync(join(path, "metrics.jsonl"), "{}\n");
        return path;
      },
      "metrics.jsonl, line 1",
    ],
  ])("of %s, and no page", async (_name, path, message) => {
    const out = join(folder, "none.html");
    const error: Error = await report([...runs, path()], { out }).catch((reason) => reason);
    expect(error).toBeInstanceOf(RunFolderError);
    expect(error.message).toContain(message);
    expect(readdirSync(folder)).not.toContain("none.html");
  });

  test("below a file", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "mine");
    const made = report([runs[0] as string], { out: join(file, "report.html") });
    await expect(made).rejects.toThrow(BioflaxError);
    expect(readFileSync(file, "utf8")).toBe("mine");
  });
});
