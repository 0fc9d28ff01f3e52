import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { bioflaxVersion } from "../base/version";

/** The packages that compute, each with the package of bioflax's it comes with, where that is not this one. */
const engines: readonly { readonly name: string; readonly through?: string }[] = [
  { name: "onnxruntime-node", through: "@bioflax/compiler" },
  { name: "@tensorflow/tfjs" },
  { name: "@tensorflow/tfjs-backend-wasm" },
  { name: "@tensorflow/tfjs-node" },
  { name: "@tensorflow/tfjs-node-gpu" },
];

/** The version a package's own file has; undefined where it is not installed. Nothing of the package is loaded. */
function installedVersion({ name, through }: (typeof engines)[number]): string | undefined {
  try {
    const here = createRequire(import.meta.url);
    const from =
      through === undefined ? here : createRequire(here.resolve(`${through}/package.json`));
    const file = from.resolve(`${name}/package.json`);
    return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  } catch {
    return undefined;
  }
}

/** The versions of bioflax, of Node and of what computes that is installed, a line each. */
export function versionLines(): string {
  const versions = [
    ["bioflax", bioflaxVersion],
    ["node", process.versions.node],
    ...engines.map((engine) => [engine.name, installedVersion(engine)]),
  ].filter((line): line is [string, string] => line[1] !== undefined);
  const width = Math.max(...versions.map(([name]) => name.length));
  return versions.map(([name, version]) => `${name.padEnd(width)}  ${version}\n`).join("");
}
