// `pnpm --filter browser-checks run parts`, after `pnpm build`: what the bundles of two pages are made of, by the folders
// of the packages, and what of them is words: of errors, formulas, papers and descriptions.
import ts from "typescript";
import { gzipped, pageBundle, pages } from "./page-bundle.mjs";

const shown = ["a layer under one rule", "all of core, layers and metrics"];

/** Shares below this are counted as one. */
const SMALL = 0.02;

/** The package and folder, or single file, of a published module: "core/rules". */
function partOf(file) {
  const [, name, folder] = /packages\/([^/]+)\/dist\/modules\/([^/]+)/.exec(file) ?? [];
  return name === undefined ? "others" : `${name}/${folder.replace(/\.js$/, "")}`;
}

/** A script with every text in it empty that has a space, and so words. */
function withoutWords(script) {
  const source = ts.createSourceFile("page.js", script, ts.ScriptTarget.ES2022);
  const cuts = [];
  const visit = (node) => {
    const isText =
      ts.isStringLiteralLike(node) ||
      node.kind === ts.SyntaxKind.TemplateHead ||
      node.kind === ts.SyntaxKind.TemplateMiddle ||
      node.kind === ts.SyntaxKind.TemplateTail;
    if (isText && node.text.trim().includes(" ")) {
      // A head and a middle end in `${`.
      const tail = [ts.SyntaxKind.TemplateHead, ts.SyntaxKind.TemplateMiddle].includes(node.kind);
      cuts.push([node.getStart(source) + 1, node.end - (tail ? 2 : 1)]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  let left = "";
  let at = 0;
  for (const [start, end] of cuts) {
    left += script.slice(at, start);
    at = end;
  }
  return left + script.slice(at);
}

for (const name of shown) {
  const [, contents] = pages.find(([one]) => one === name);
  const { script, bytesByFile } = await pageBundle(contents);
  const parts = new Map();
  for (const [file, bytes] of bytesByFile)
    parts.set(partOf(file), (parts.get(partOf(file)) ?? 0) + bytes);
  const total = Buffer.byteLength(script);
  const row = (part, bytes) =>
    `| ${part} | ${(bytes / 1000).toFixed(1)} | ${Math.round((100 * bytes) / total)} % |`;
  console.log(`\n| ${name} | kB | share |\n|---|---|---|`);
  const sorted = [...parts].sort(([, a], [, b]) => b - a);
  const large = sorted.filter(([, bytes]) => bytes >= SMALL * total);
  for (const [part, bytes] of large) console.log(row(part, bytes));
  const rest = total - large.reduce((sum, [, bytes]) => sum + bytes, 0);
  console.log(row("smaller parts", rest));
  console.log(row("**all**", total));
  const [all, code] = [script, withoutWords(script)].map(gzipped);
  console.log(
    `\nGzipped ${all.toFixed(1)} kB; without words ${code.toFixed(1)} kB, so that these are ${Math.round(100 * (1 - code / all))} %.`,
  );
}
