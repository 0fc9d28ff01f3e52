import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { addUser, type OnProgress, removeUser, thisMachine } from "@bioflax/wheels";
import { cacheFolder } from "./cache-folder";
import { type CompiledAddon, compileAddon, findCompiler } from "./compile";
import { InstallError } from "./install-error";
import {
  keptAddon,
  type Manifest,
  manifestFile,
  readManifest,
  sha256Of,
  writeManifest,
} from "./manifest";
import { findPackage, type NpmPackage, type Target } from "./npm-package";
import { platformOf } from "./platform";
import { type Proof, prove } from "./prove";
import { fetchTensorFlow, findTensorFlow, type TensorFlow } from "./tensorflow";

/** What is installed, and with what. */
export interface InstallOptions {
  /** A folder or file of the program that uses the npm package; the working directory when left out. */
  readonly from?: string;
  /** The command of a Python that has TensorFlow; when left out, the active environment's, else one of our own. */
  readonly python?: string | undefined;
  /** The version of TensorFlow that is fetched where none is there. */
  readonly tensorflowVersion?: string | undefined;
  /** Whether CUDA's libraries are fetched with TensorFlow for `tensorflow-gpu`, 2.5 GB; true when left out. */
  readonly cudaLibraries?: boolean | undefined;
  /** Whether to compile it anew where the same is installed already and works; false when left out. */
  readonly reinstall?: boolean | undefined;
  /** Where TensorFlow is kept; see {@link cacheFolder}. */
  readonly cache?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly onProgress?: OnProgress;
}

/** What an installation did, and what TensorFlow said of GPUs. */
export interface Installation extends Manifest {
  readonly proof: Proof;
  /** Whether it was there already, and only tried again. */
  readonly wasInstalled: boolean;
}

/**
 * Installs the native part of `@tensorflow/tfjs-node` or `@tensorflow/tfjs-node-gpu`: finds TensorFlow or fetches it
 * from PyPI, compiles the package's own sources against it, trains a small network with the result in a process of its
 * own, and only then puts it where the package looks. What was there before stays there until then, and whenever
 * something fails. Where the same is installed already, it is tried by training alone, and made anew only if that
 * fails.
 *
 * @returns what it did, which is also written beside the native part.
 * @throws InstallError for what is missing, with what gets it.
 * @example
 * const { tensorflow, proof } = await install("tensorflow", { onProgress: ({ what }) => console.error(what) });
 */
export async function install(
  target: Target,
  {
    from = process.cwd(),
    python,
    tensorflowVersion,
    cudaLibraries = true,
    reinstall = false,
    env = process.env,
    cache = cacheFolder(env),
    onProgress = () => {},
  }: InstallOptions = {},
): Promise<Installation> {
  const machine = thisMachine();
  const platform = platformOf(machine);
  const npmPackage = findPackage(target, from);
  const wanted = {
    ...{ target, python, version: tensorflowVersion, cudaLibraries, cache, env },
    ...{ machine, platform, onProgress },
  };
  const found = await findTensorFlow(wanted);
  const before = readManifest(npmPackage);
  if (!reinstall && before !== undefined && isSame(before, npmPackage, found)) {
    onProgress({ what: `tries ${npmPackage.name}, which is installed already` });
    const proof = await proveInstalled(npmPackage);
    if (proof !== undefined) return { ...before, proof, wasInstalled: true };
  }
  // Before anything large is fetched.
  const compiler = await findCompiler(env, platform);
  const tensorflow = found ?? (await fetchTensorFlow(wanted));
  onProgress({
    what: `compiles the native part of ${npmPackage.name} against TensorFlow ${tensorflow.version}`,
  });
  const compiled = await compileAddon(compiler, npmPackage, tensorflow, platform);
  try {
    onProgress({ what: "trains a small network with it" });
    const proof = await prove(npmPackage, compiled.addon);
    const { aboutGpus: _words, ...result } = proof;
    const manifest: Manifest = {
      package: { name: npmPackage.name, version: npmPackage.version },
      madeBy: ownVersion(),
      addon: {
        file: npmPackage.addon,
        sha256: sha256Of(compiled.addon),
        companions: compiled.companions.map((file) => basename(file)),
      },
      tensorflow,
      compiler: compiler.version,
      node: process.version,
      proof: result,
      installedAt: new Date().toISOString(),
    };
    place(compiled, npmPackage);
    writeManifest(npmPackage, manifest);
    if (tensorflow.source === "cache") addUser(dirname(tensorflow.folder), npmPackage.addon);
    if (before?.tensorflow.source === "cache" && before.tensorflow.folder !== tensorflow.folder)
      removeUser(dirname(before.tensorflow.folder), npmPackage.addon);
    return { ...manifest, proof, wasInstalled: false };
  } finally {
    compiled.dispose();
  }
}

/** The version of this program. */
const ownVersion = (): string =>
  (createRequire(import.meta.url)("../package.json") as { version: string }).version;

/** Whether what an installation left is what one would make now, all of it still there. */
function isSame(
  { package: made, madeBy, addon, tensorflow }: Manifest,
  npmPackage: NpmPackage,
  found: TensorFlow | undefined,
): boolean {
  const folder = dirname(npmPackage.addon);
  return (
    made.version === npmPackage.version &&
    madeBy === ownVersion() &&
    tensorflow.folder === found?.folder &&
    tensorflow.version === found.version &&
    addon.companions.every((name) => existsSync(join(folder, name)))
  );
}

/** What training with the native part in its place comes to; undefined where it cannot. */
async function proveInstalled(npmPackage: NpmPackage): Promise<Proof | undefined> {
  try {
    return await prove(npmPackage, npmPackage.addon);
  } catch (error) {
    if (error instanceof InstallError) return undefined;
    throw error;
  }
}

/** Puts an addon in its place at once; one that is there and not ours is kept. */
function place({ addon: made, companions }: CompiledAddon, npmPackage: NpmPackage): void {
  const { addon } = npmPackage;
  const folder = dirname(addon);
  mkdirSync(folder, { recursive: true });
  const isOthers = existsSync(addon) && !existsSync(manifestFile(npmPackage));
  if (isOthers) copyFileSync(addon, keptAddon(npmPackage));
  for (const file of companions) replaceFile(file, join(folder, basename(file)));
  replaceFile(made, addon);
}

/** Copies a file over another one at once. */
function replaceFile(from: string, to: string): void {
  // Beside it first: a file can be renamed within its disk alone.
  const beside = `${to}.${process.pid}`;
  try {
    copyFileSync(from, beside);
    renameSync(beside, to);
  } finally {
    rmSync(beside, { force: true });
  }
}

/** What an uninstallation removed. */
export interface Removed {
  readonly package: { readonly name: string; readonly version: string };
  /** Whether there was a native part of ours. */
  readonly addon: boolean;
  /**
   * The folder of the TensorFlow that was removed from the cache; undefined where it is not ours, or another program
   * uses it.
   */
  readonly tensorflow: string | undefined;
}

/**
 * Takes back what {@link install} did: the native part, and our TensorFlow where nothing else uses it. A native part
 * that was there before comes back.
 *
 * @throws InstallError when the npm package is not there.
 */
export function uninstall(
  target: Target,
  { from = process.cwd() }: Pick<InstallOptions, "from"> = {},
): Removed {
  const npmPackage = findPackage(target, from);
  const { name, version, addon } = npmPackage;
  const manifest = readManifest(npmPackage);
  if (manifest === undefined)
    return { package: { name, version }, addon: false, tensorflow: undefined };
  for (const name of [...manifest.addon.companions, basename(addon)])
    rmSync(join(dirname(addon), name), { force: true });
  rmSync(manifestFile(npmPackage));
  if (existsSync(keptAddon(npmPackage))) renameSync(keptAddon(npmPackage), addon);
  removeEmpty(dirname(addon));
  removeEmpty(dirname(dirname(addon)));
  const { source, folder } = manifest.tensorflow;
  const isGone = source === "cache" && removeUser(dirname(folder), addon);
  return {
    package: { name, version },
    addon: true,
    tensorflow: isGone ? dirname(folder) : undefined,
  };
}

function removeEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}
