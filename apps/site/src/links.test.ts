import { describe, expect, test } from "@jest/globals";
import { type Kind, repository, siteLink } from "./links";

const files = ["docs/rules.md", "docs/gpu.md", "packages/core/README.md", "LICENSE"];
const folders = ["docs", "packages/core", "packages/core/src/rules", "apps/experiments/results"];
const kindOf = (path: string): Kind =>
  files.includes(path) ? "file" : folders.includes(path) ? "folder" : undefined;

describe("a link of a page of the repository", () => {
  test.each([
    // Between pages, from wherever they are.
    ["gpu.md", "docs/rules.md", "/docs/gpu"],
    ["docs/rules.md#when", "README.md", "/docs/rules#when"],
    ["../../docs/rules.md", "packages/core/README.md", "/docs/rules"],
    // Folders are their READMEs, or a page of the site's own.
    ["packages/core", "README.md", "/packages/core/"],
    ["../packages/core/", "docs/rules.md", "/packages/core/"],
    ["../apps/experiments/results", "docs/rules.md", "/results/"],
    // READMEs on npm name pages in full.
    [`${repository}/blob/main/docs/gpu.md`, "packages/core/README.md", "/docs/gpu"],
    // What is no page is on GitHub.
    ["LICENSE", "README.md", `${repository}/blob/main/LICENSE`],
    ["src/rules", "packages/core/README.md", `${repository}/tree/main/packages/core/src/rules`],
    // Others stay as they are.
    ["https://onnxruntime.ai/docs", "README.md", "https://onnxruntime.ai/docs"],
    ["mailto:a@b.c", "README.md", "mailto:a@b.c"],
    ["#here", "docs/rules.md", "#here"],
  ])("%s in %s", (href, from, expected) => {
    expect(siteLink(href, from, kindOf)).toBe(expected);
  });

  test.each([
    ["nowhere.md", "docs/rules.md"],
    ["../../outside.md", "docs/rules.md"],
    [`${repository}/blob/main/docs/gone.md`, "README.md"],
  ])("%s in %s leads nowhere, and is named", (href, from) => {
    expect(() => siteLink(href, from, kindOf)).toThrow(
      `${from}: its link to ${href} leads nowhere.`,
    );
  });
});
