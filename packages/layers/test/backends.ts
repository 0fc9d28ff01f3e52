import type { Definition, Interpreter, TestTensor } from "@bioflax/core/testing";
import { npmPackages, supplyUtilFunctions } from "@bioflax/tensorflow-node";
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { tfOps } from "../src/index";
import { tfTrainingOps } from "../src/ops/tf-ops";

/** TensorFlow's own library, where its native part is installed: BIOFLAX_TENSORFLOW has the version. */
const hasTensorflow = Boolean(process.env.BIOFLAX_TENSORFLOW);

/** The backends that are there: those of plain Node, and TensorFlow's. */
export const BACKENDS: readonly string[] = [
  "wasm",
  "cpu",
  ...(hasTensorflow ? ["tensorflow"] : []),
];

if (hasTensorflow) {
  supplyUtilFunctions();
  // By a name that is not a literal, because it is optional.
  require(npmPackages.tensorflow);
}

// No banner, no per-operation checks.
tf.enableProdMode();

function interpreter(name: string, backend: string, ops: typeof tfOps): Interpreter {
  return {
    name,
    async run(definition: Definition, inputs: readonly TestTensor[]) {
      await tf.setBackend(backend);
      return tf.tidy(() => {
        const tensors = inputs.map(({ data, shape, type }) =>
          tf.tensor([...data], [...shape], type ?? "float32"),
        );
        return definition(ops, tensors).map((x) => ({ shape: x.shape, data: [...x.dataSync()] }));
      });
    },
  };
}

/** The eager interpreter on every backend, and once more as it is in training. */
export const eagerInterpreters: readonly Interpreter[] = [
  interpreter("cpu", "cpu", tfOps),
  interpreter("wasm", "wasm", tfOps),
  interpreter("wasm, training", "wasm", tfTrainingOps),
  ...(hasTensorflow ? [interpreter("tensorflow", "tensorflow", tfOps)] : []),
];

// TensorFlow.js's plain backend under a name of its own, because on those whose names are known its gradients are not
// used.
tf.copyRegisteredKernels("cpu", "another");
tf.registerBackend("another", () => new tf.MathBackendCPU());

/** A backend of which nothing is known but its kernels. */
export const unknownBackend = interpreter("another", "another", tfOps);

/** Those that differ in what training runs on. */
export const trainingInterpreters = eagerInterpreters.filter(({ name }) => name !== "wasm");
