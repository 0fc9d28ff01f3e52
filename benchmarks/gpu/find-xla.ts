import { askPython } from "./ask-python";

/** Asks a Python where JAX's plugin for NVIDIA's GPUs is, without importing it. */
const QUESTION = `
import importlib.util as util, os
for name in ("jax_plugins.xla_cuda13", "jax_plugins.xla_cuda12"):
    try:
        spec = util.find_spec(name)
    except ModuleNotFoundError:
        continue
    for folder in (spec and spec.submodule_search_locations) or []:
        library = os.path.join(folder, "xla_cuda_plugin.so")
        if os.path.exists(library):
            print(library)`;

/**
 * XLA's plugin for NVIDIA's GPUs that the machine's Python has with its JAX: with NVIDIA's libraries it is far too
 * large for the bundle.
 */
export const findXlaCuda = (python?: string): string | undefined =>
  askPython(QUESTION, python).split("\n")[0] || undefined;
