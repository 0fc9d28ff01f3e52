import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { InstallError } from "./install-error";

/** The npm packages whose native part is installed, by the name of the device they are. */
export const npmPackages = {
  tensorflow: "@tensorflow/tfjs-node",
  "tensorflow-gpu": "@tensorflow/tfjs-node-gpu",
} as const;

/** What is installed: TensorFlow.js on TensorFlow's own library, on the processor or on NVIDIA's GPUs. */
export type Target = keyof typeof npmPackages;

/** One of them as it is installed. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** Its folder, links resolved. */
  readonly folder: string;
  /** Where it looks for its native part. */
  readonly addon: string;
  /** The version of Node-API its native part is made for. */
  readonly nodeApi: number;
}

/** The file of its native part. */
const ADDON = "tfjs_binding.node";

/**
 * The installed package of a target.
 *
 * @param from a folder or file of the program that uses it.
 * @throws InstallError when it is not there, or has no sources of its native part.
 */
export function findPackage(target: Target, from: string): NpmPackage {
  const name = npmPackages[target];
  let manifest: string;
  try {
    manifest = createRequire(join(from, "package.json")).resolve(`${name}/package.json`);
  } catch (cause) {
    throw new InstallError(
      {
        fault: "package",
        reason: `${name} is not installed, as seen from ${from}.`,
        remedy:
          `\`npm install --ignore-scripts ${name}\` adds it, without the download of an old TensorFlow that its own script tries ` +
          `(with pnpm: \`pnpm add ${name}\`).`,
      },
      { cause },
    );
  }
  return readPackage(manifest);
}

/** The package that a package.json is of. @throws InstallError when it has no sources of its native part. */
export function readPackage(manifest: string): NpmPackage {
  const folder = realpathSync(dirname(manifest));
  const { name, version, binary } = JSON.parse(readFileSync(manifest, "utf8")) as {
    name: string;
    version: string;
    binary?: { napi_versions?: number[] };
  };
  if (!existsSync(join(folder, "binding", "tfjs_backend.cc"))) {
    throw new InstallError({
      fault: "package",
      reason: `${name} ${version} in ${folder} has no sources of its native part (binding/tfjs_backend.cc).`,
      remedy: `\`npm install --ignore-scripts ${name}@4.22.0\` gets a version that has.`,
    });
  }
  // As node-pre-gyp chooses, by which the package finds it: the newest of its versions that this Node has.
  const known = (binary?.napi_versions ?? []).filter((one) => one <= Number(process.versions.napi));
  const nodeApi = Math.max(3, ...known);
  return {
    name,
    version,
    folder,
    nodeApi,
    addon: join(folder, "lib", `napi-v${nodeApi}`, ADDON),
  };
}
