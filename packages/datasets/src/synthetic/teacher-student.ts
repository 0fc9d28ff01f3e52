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
  type InputDistribution,
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
  /** Units of the teacher's hidden layers; 64 and 32 when left out. */
  readonly hiddenLayers?: readonly number[];
  /** How inputs are drawn: from U[−1, 1), or from the standard normal distribution; `uniform` when left out. */
  readonly inputs?: InputDistribution;
}

/**
 * Regression onto a random network, the teacher, for a student to imitate.
 *
 * Inputs are drawn from U[−1, 1); targets are t = W₃ᵀ·φ(W₂ᵀ·φ(W₁ᵀ·x)) for every row x of an input, with hidden
 * layers of 64 and 32 units, LeCun-normal kernels and zero biases. bioflax's `teacher` data set. With one hidden layer
 * of a few erf units and normal inputs, it is the teacher of Saad & Solla 1995, whose students' course is known.
 *
 * @param options sizes, activation, inputs and seed.
 * @returns inputs float32 [inDim, seqLen], targets float32 [inDim, outputs].
 * @throws BioflaxError when a size is not a whole number from 1, the activation is unknown, or the validation
 *   fraction or the seed is out of range.
 */
export function teacherStudent({
  outputs = 10,
  activation = "sigmoid",
  hiddenLayers = [64, 32],
  inputs = "uniform",
  ...options
}: TeacherStudentOptions): Dataset {
  const resolved = withDefaults("teacherStudent", options);
  checkSizes("teacherStudent", {
    outputs,
    ...Object.fromEntries(hiddenLayers.map((units, i) => [`hiddenLayers[${i}]`, units])),
  });
  const targetsOf = createTeacher(
    [resolved.seqLen, ...hiddenLayers, outputs],
    activationName(activation),
    resolved.seed,
  );
  return sampleRegression(
    { name: "teacher-student", inputs, range: 1, outputs, targetsOf },
    resolved,
  );
}

/** The random network, as a function of inputs [rows, features] to targets [rows, outputs], computed in float64. */
function createTeacher(
  [features, ...units]: readonly [number, ...number[]],
  activation: OpenName<ActivationName>,
  seed: number,
) {
  const network = createNetwork({
    inputShape: [features],
    layers: units.map((count, i) => ({
      type: "dense",
      units: count,
      ...(i < units.length - 1 && { activation }),
    })),
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
  load: ({
    batchSize = 32,
    outputFeatures,
    teacherAct,
    teacherLayers,
    teacherInputs,
    ...options
  }) =>
    teacherStudent({
      ...options,
      batchSize,
      ...(outputFeatures !== undefined && { outputs: outputFeatures }),
      ...(teacherAct !== undefined && { activation: teacherAct }),
      ...(teacherLayers !== undefined && { hiddenLayers: teacherLayers }),
      ...(teacherInputs !== undefined && { inputs: teacherInputs }),
    }),
};
