import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Page, withPart } from "./page";

const folder = join(__dirname, "../../../../packages");

/** The packages of the workspace that each needs itself. */
function needs(): ReadonlyMap<string, readonly string[]> {
  const names = readdirSync(folder);
  return new Map(
    names.map((name) => {
      const manifest = readFileSync(join(folder, name, "package.json"), "utf8");
      const { dependencies = {} } = JSON.parse(manifest) as {
        dependencies?: Record<string, string>;
      };
      const own = Object.keys(dependencies).map((one) => one.replace(/^@bioflax\//, ""));
      return [name, own.filter((one) => names.includes(one))];
    }),
  );
}

/** Who needs whom, as a Mermaid chart, without what follows from other arrows. */
function chart(): string {
  const direct = needs();
  const all = (name: string): Set<string> =>
    new Set((direct.get(name) ?? []).flatMap((one) => [one, ...all(one)]));
  const arrows = [...direct].flatMap(([name, others]) =>
    others
      .filter((one) => !others.some((other) => other !== one && all(other).has(one)))
      .map((one) => `    ${name} --> ${one}`),
  );
  return ["```mermaid", "flowchart TD", ...arrows.sort(), "```"].join("\n");
}

/** docs/architecture.md: a picture of the packages, from their manifests. */
export const packagesPicture: Page = {
  path: "docs/architecture.md",
  generate: (present) => withPart(present, "packages", chart()),
};
