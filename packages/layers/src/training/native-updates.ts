import type { FusedStep } from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import type { Attribute, TensorflowLibrary } from "../ops/tensorflow-library";

/** One of TensorFlow's operations that update variables: its name, its flags, and the numbers it takes. */
interface NativeStep {
  readonly operation: string;
  readonly flags: Readonly<Record<string, boolean>>;
  /** The inputs after the variables, in order; `gradient` stands for it. */
  readonly inputs: readonly (number | "gradient")[];
}

/**
 * A step as TensorFlow has it.
 *
 * @param rate the step size η of this step. @param count how many steps have been taken, this one counted.
 */
function nativeStep(fused: FusedStep, rate: number, count: number): NativeStep {
  const flags = { use_locking: false };
  switch (fused.kind) {
    case "gradientDescent":
      return { operation: "ResourceApplyGradientDescent", flags, inputs: [rate, "gradient"] };
    case "momentum":
      return {
        operation: "ResourceApplyMomentum",
        flags: { ...flags, use_nesterov: fused.nesterov },
        inputs: [rate, "gradient", fused.momentum],
      };
    case "adam": {
      const { beta1, beta2, epsilon } = fused;
      const power1 = beta1 ** count;
      const power2 = beta2 ** count;
      return {
        operation: "ResourceApplyAdam",
        flags: { ...flags, use_nesterov: false },
        // TensorFlow's ε stands beside √v, the paper's beside √v̂ = √(v / (1 − β₂ᵗ)).
        inputs: [
          ...[power1, power2, rate, beta1, beta2, epsilon * Math.sqrt(1 - power2)],
          "gradient",
        ],
      };
    }
  }
}

/** From how many elements on one operation on a weight alone pays for lending it: two are quicker on a small one. */
const LARGE = 10_000;

/** Whether TensorFlow's own operation is to take a step of a weight. */
export const isWorthwhile = (variable: tf.Variable, slots: readonly tf.Variable[]) =>
  slots.length > 0 || variable.size >= LARGE;

/** TensorFlow's variables that ours are lent to for a step, of each library. */
const lent = new WeakMap<object, number[]>();

function handles(library: TensorflowLibrary, count: number): number[] {
  const { binding } = library;
  const made = lent.get(library) ?? [];
  lent.set(library, made);
  while (made.length < count) {
    const text = (name: string, value: string) => ({ name, type: binding.TF_ATTR_STRING, value });
    const attributes = [
      { name: "dtype", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
      { name: "shape", type: binding.TF_ATTR_SHAPE, value: [] },
      text("shared_name", `bioflax-${made.length}`),
      text("container", ""),
    ];
    const [handle] = binding.executeOp("VarHandleOp", attributes, [], 1);
    made.push((handle as { id: number }).id);
  }
  return made;
}

/**
 * Takes one step of a weight by TensorFlow's own operation, in place: the weight and its slots are lent to variables of
 * TensorFlow's for it, which copies nothing where nobody else holds their values.
 *
 * @param weights the weight, then its slots.
 */
export function stepInPlace(
  library: TensorflowLibrary,
  fused: FusedStep,
  weights: readonly tf.Variable[],
  gradient: tf.Tensor,
  { rate, count }: { readonly rate: number; readonly count: number },
): void {
  const { binding } = library;
  const type = (name: string): Attribute => ({
    name,
    type: binding.TF_ATTR_TYPE,
    value: binding.TF_FLOAT,
  });
  const { operation, flags, inputs } = nativeStep(fused, rate, count);
  const variables = handles(library, weights.length).slice(0, weights.length);
  const [own, slope] = [
    library.getInputTensorIds(weights),
    library.getInputTensorIds([gradient])[0] as number,
  ];
  variables.forEach((handle, i) => {
    binding.executeOp("AssignVariableOp", [type("dtype")], [handle, own[i] as number], 0);
  });
  const numbers = inputs.map((input) =>
    input === "gradient"
      ? slope
      : binding.createTensor([], binding.TF_FLOAT, Float32Array.of(input)),
  );
  // Ours let go, so that TensorFlow's alone hold the values, unless a clone of ours does.
  const isOurs = weights.map(({ dataId }) => library.refCount(dataId) === 1);
  own.forEach((id, i) => {
    if (isOurs[i]) binding.deleteTensor(id);
  });
  try {
    const flagged = Object.entries(flags).map(([name, value]) => ({
      name,
      type: binding.TF_ATTR_BOOL,
      value,
    }));
    binding.executeOp(operation, [type("T"), ...flagged], [...variables, ...numbers], 0);
  } finally {
    numbers.forEach((id) => {
      if (id !== slope) binding.deleteTensor(id);
    });
    weights.forEach((weight, i) => {
      const [value] = binding.executeOp(
        "ReadVariableOp",
        [type("dtype")],
        [variables[i] as number],
        1,
      );
      if (value === undefined) return;
      if (isOurs[i]) library.tensorMap.get(weight.dataId).id = value.id;
      else weight.assign(library.createOutputTensor(value));
    });
  }
}
