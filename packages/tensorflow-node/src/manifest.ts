import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { NpmPackage } from "./npm-package";
import type { ProofResult } from "./prove";
import type { TensorFlow } from "./tensorflow";

/** What an installation did, beside the native part it left. */
export interface Manifest {
  /** The npm package and its version. */
  readonly package: { readonly name: string; readonly version: string };
  /** The version of this program. */
  readonly madeBy: string;
  /** The native part: its file, the SHA-256 of it, and the names of what lies beside it. */
  readonly addon: {
    readonly file: string;
    readonly sha256: string;
    readonly companions: readonly string[];
  };
  /** The TensorFlow it is linked with. */
  readonly tensorflow: TensorFlow;
  /** What the compiler says of itself. */
  readonly compiler: string;
  /** The Node that it was tried with. */
  readonly node: string;
  /** What training a small network came to. */
  readonly proof: ProofResult;
  /** When, in ISO 8601. */
  readonly installedAt: string;
}

/** Where the manifest of a package's native part is. */
export const manifestFile = ({ addon }: Pick<NpmPackage, "addon">) =>
  addon.replace(/\.node$/, ".json");

/** Where a native part that was there before, and is not ours, is kept. */
export const keptAddon = ({ addon }: Pick<NpmPackage, "addon">) =>
  addon.replace(/\.node$/, ".before.node");

/** The SHA-256 of a file. */
export const sha256Of = (file: string) =>
  createHash("sha256").update(readFileSync(file)).digest("hex");

/** What the installation of a native part did; undefined where it was not this program that installed what is there. */
export function readManifest(npmPackage: Pick<NpmPackage, "addon">): Manifest | undefined {
  const file = manifestFile(npmPackage);
  if (!existsSync(file) || !existsSync(npmPackage.addon)) return undefined;
  try {
    const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
    return manifest.addon.sha256 === sha256Of(npmPackage.addon) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** Writes what an installation did. */
export function writeManifest(npmPackage: Pick<NpmPackage, "addon">, manifest: Manifest): void {
  writeFileSync(manifestFile(npmPackage), `${JSON.stringify(manifest, null, 2)}\n`);
}
