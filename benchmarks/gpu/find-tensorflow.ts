import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { askPython } from "./ask-python";

/** Asks a Python where its TensorFlow is, without importing it. */
const QUESTION = `
import importlib.util as util
spec = util.find_spec("tensorflow")
print(next(iter(spec.submodule_search_locations or []), "") if spec else "")`;

/** The TensorFlow of the machine's Python. */
export interface FoundTensorFlow {
  readonly version: string;
  /** What lets the bundle's native part find its library. */
  readonly env: { readonly LD_LIBRARY_PATH: string };
}

/**
 * The TensorFlow that a machine's Python has; its library is too large for the bundle. @returns undefined where it has
 * none that pip installed.
 */
export function findTensorFlow(python?: string): FoundTensorFlow | undefined {
  const folder = askPython(QUESTION, python);
  if (folder === "" || !existsSync(join(folder, "libtensorflow_cc.so.2"))) return undefined;
  const versions = readdirSync(dirname(folder)).flatMap(
    (name) => /^tensorflow(?:_cpu)?-([\d.]+)\.dist-info$/.exec(name)?.[1] ?? [],
  );
  const paths = [folder, process.env.LD_LIBRARY_PATH].filter(Boolean);
  return {
    version: versions[0] ?? "of an unknown version",
    env: { LD_LIBRARY_PATH: paths.join(":") },
  };
}
