import {
  type ActivationName,
  activationName,
  createNetwork,
  float64Tensor,
  forward,
  groupByLayer,
  initializeWeights,
  type OpenName,
  outputOf,
  Random,
  referenceOps,
} from "@bioflax/core";
import type { Dataset } from "../dataset";
import type { DatasetFacts } from "../definition";
import {
  checkSizes,
  type SampledRegressionOptions,
  sampleRegression,
  withDefaults,
} from "./sampled-regression";

/** Options of {@link teacherStudent}. */
export interface TeacherStudentOptions extends SampledRegressionOptions {
  /** Features of a target row; 10 when left out. */
  readonly outputs?: number;
  /** The activation of the teacher's hidden layers, by any name it goes by; `sigmoid` when left out. */
  readonly activation?: string;
}

/**
 * Regression onto a random network, the teacher, for a student to imitate.
 *
 * Inputs are drawn from U[−1, 1); targets are t = W₃ᵀ·φ(W₂ᵀ·φ(W₁ᵀ·x)) for every row x of an input, with hidden
 * layers of 64 and 32 units, LeCun-normal kernels and zero biases. bioflax's `teacher` data set.
 *
 * @param options sizes, activation and seed.
 * @returns inputs float32 [inDim, seqLen], targets float32 [inDim, outputs].
 * @throws BioflaxError when a size is not a whole number from 1, the activation is unknown, or the validation
 *   fraction or the seed is out of range.
 */
export function teacherStudent({
  outputs = 10,
  activation = "sigmoid",
  ...options
}: TeacherStudentOptions): Dataset {
  const resolved = withDefaults("teacherStudent", options);
  checkSizes("teacherStudent", { outputs });
  const teacher = createTeacher(
    resolved.seqLen,
    outputs,
    activationName(activation),
    resolved.seed,
  );
  return sampleRegression(
    { name: "teacher-student", range: 1, outputs, targetsOf: teacher },
    resolved,
  );
}

/** The random network, as a function of inputs [rows, features] to targets [rows, outputs], computed in float64. */
function createTeacher(
  features: number,
  outputs: number,
  activation: OpenName<ActivationName>,
  seed: number,
) {
  const network = createNetwork({
    inputShape: [features],
    layers: [
      { type: "dense", units: 64, activation },
      { type: "dense", units: 32, activation },
      { type: "dense", units: outputs },
    ],
    rule: "bp",
  });
  // A seed of its own: a student of the run's seed and the teacher's sizes would otherwise start as the teacher.
  const weights = initializeWeights(network, new Random(seed, "teacher").uint32());
  const parameters = groupByLayer(
    network,
    network.parameters.map(({ name, shape }) =>
      float64Tensor(weights[name] as Float32Array, shape),
    ),
  );
  return (inputs: Float32Array): Float32Array => {
    const input = float64Tensor(inputs, [inputs.length / features, features]);
    return Float32Array.from(outputOf(forward(referenceOps, network, parameters, input)).data);
  };
}

/** Regression onto a teacher in the registry. */
export const teacherStudentDefinition: DatasetFacts = {
  shows: "the outputs of a random network",
  targets: "values",
  origin: "generated",
  exampleSize: ({ inDim = 1, seqLen = 1, outputFeatures = 10 }) =>
    inDim * (seqLen + outputFeatures),
  load: ({ batchSize = 32, outputFeatures, teacherAct, ...options }) =>
    teacherStudent({
      ...options,
      batchSize,
      ...(outputFeatures !== undefined && { outputs: outputFeatures }),
      ...(teacherAct !== undefined && { activation: teacherAct }),
    }),
};
