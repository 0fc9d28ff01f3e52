import type { RobustnessRecord } from "@bioflax/runs";
import { expect, test } from "@jest/globals";
import { runOf, settings } from "../../test/runs";
import { createPage } from "../page";

const pgd = {
  ...{ method: "pgd", norm: "linf", steps: 40, starts: 1, seed: 0 },
  ...{ split: "test", examples: 100, weights: "final" },
} as const;

const within = (...shares: readonly number[]): RobustnessRecord["accuracy"] =>
  shares.map((accuracy, i) => ({ eps: i / 10, accuracy }));

const pageOf = (runs: readonly [string, number, readonly RobustnessRecord[]][]) =>
  createPage(
    runs.map(([mode, seed, robustness]) => ({ ...runOf(mode, seed), robustness })),
    { settings, madeBy: "a test" },
  );

/** The cells of the table of this title, row by row. */
function cellsOf(page: string, title: string): string[][] {
  const [, table = ""] =
    new RegExp(`<h4>${title}</h4></figcaption><table.*?<tbody>(.*?)</tbody>`, "s").exec(page) ?? [];
  return table
    .split("</tr>")
    .slice(0, -1)
    .map((row) =>
      [...row.matchAll(/<t[hd].*?>(.*?)<\/t[hd]>/gs)].map(([, cell = ""]) =>
        cell.replace(/<svg.*?<\/svg>/gs, ""),
      ),
    );
}

test("accuracy over ε, mean and deviation over seeds", () => {
  const page = pageOf([
    ["bp", 0, [{ ...pgd, accuracy: within(0.9, 0.5) }]],
    ["bp", 1, [{ ...pgd, accuracy: within(0.9, 0.3) }]],
    ["dfa", 0, [{ ...pgd, accuracy: within(0.8, 0.2) }]],
  ]);
  expect(page).toContain('<section aria-label="Robustness">');
  expect(page).toContain("40 steps, random starts: 1, 100 test examples.");
  expect(cellsOf(page, "pgd, L∞: right in %").sort()).toEqual([
    ["bp", "90.00 ± 0.00 %", "40.00 ± 14.14 %"],
    ["dfa", "80.00 %", "20.00 %"],
  ]);
  // 0, 0.1 and what is between, and not whole numbers as of epochs.
  expect(page).toMatch(/>0\.1<\/text>/);
  expect(page).toContain("dfa, ε 0.1: 20.00 %");
});

test("what attacks another way is another attack", () => {
  const fgsm = { method: "fgsm", norm: "l2", split: "test", examples: 100, weights: "final" };
  const page = pageOf([
    [
      "bp",
      0,
      [
        { ...pgd, accuracy: within(0.9) },
        { ...fgsm, accuracy: within(0.8) },
      ],
    ],
    ["dfa", 0, [{ ...pgd, steps: 10, accuracy: within(0.7) }]],
  ]);
  expect(cellsOf(page, "fgsm, L2: right in %")).toEqual([["bp", "80.00 %"]]);
  expect(page).toContain("10 steps, ");
  expect(page).toContain("40 steps, ");
});

test("examples that were made for others, by the rule of these", () => {
  const accuracy = within(0.9, 0.6);
  const page = pageOf([
    [
      "bp",
      0,
      [
        { ...pgd, accuracy },
        { ...pgd, from: "dfa-0", accuracy: within(0.9, 0.7) },
      ],
    ],
    [
      "dfa",
      0,
      [
        { ...pgd, accuracy },
        { ...pgd, from: "bp-0", accuracy: within(0.9, 0.4) },
      ],
    ],
  ]);
  const title = "pgd, L∞: right in %, ε 0.1, by the network they were made for";
  expect(cellsOf(page, title)).toEqual([
    ["bp", "–", "40.00 %"],
    ["dfa", "70.00 %", "–"],
  ]);
});

test("runs that nobody attacked have no such section", () => {
  expect(createPage([runOf("bp")], { settings, madeBy: "a test" })).not.toContain("Robustness");
});
