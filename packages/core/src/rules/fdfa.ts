import { sizeOf } from "../ops/shapes";
import type { TensorOps } from "../ops/tensor-ops";
import { direct } from "./routes";
import { type FeedbackGradientInputs, feedbackOf, type Rule } from "./rule";

/**
 * Forward direct feedback alignment: the output's error e through B to each hidden layer, and B learns what the layer's
 * output y does to the network's, by a directional derivative that goes forward with the data: of noise v at y, ṫ is
 * what it does to the pre-activation of the output layer, to first order, and ⟨v·ṫᵀ⟩ is on average its Jacobian.
 *
 * As a gradient for the optimizer it is ∂B = B − ⟨v·ṫᵀ⟩, the mean over the batch, as in the authors' code: by sgd, B ←
 * (1 − η)·B + η·⟨v·ṫᵀ⟩, a running mean. All layers' noise goes forward at once; what that of the others does to ṫ is 0
 * on average. Where one feedback weight serves all places of a channel, it learns the mean of theirs. Theirs starts at
 * zero, `feedbackInitializer: "zeros"`, here it starts as feedback weights do, and they have a rate for B of its own.
 */
export const fdfa: Rule<"output"> = {
  name: "fdfa",
  title: "Forward direct feedback alignment",
  paper: {
    authors: "Bacho & Chu",
    year: 2024,
    title: "Low-variance forward gradients using direct feedback alignment and momentum",
    where: "Neural Networks 169, arXiv 2212.07282",
  },
  formula: { transport: "B", feedback: "∂B = B − v·ṫᵀ, ṫ what noise v at y does to the output" },
  route: direct,
  hasFeedback: true,
  needsOutputTangent: true,
  transport: (_ops, context) => feedbackOf(context),
  noise: (_layer, feedbackTarget) =>
    feedbackTarget === undefined
      ? []
      : [{ shape: feedbackTarget, perExample: true, draw: (random) => random.normal() }],
  feedbackGradient<T>(ops: TensorOps<T>, { context, outputTangent }: FeedbackGradientInputs<T>) {
    const [noise] = context.parameters.noise as readonly [T];
    const perturbation = direct.targetOutput(ops, context.layer, noise);
    const seen = ops.matMul(perturbation, outputTangent as T, { transposeA: true });
    const [batch, units] = ops.shape(perturbation) as [number, number];
    const places = sizeOf(ops.shape(noise)) / (batch * units);
    return ops.axpby(1, feedbackOf(context), -1 / (batch * places), seen);
  },
  refuses: ({ recurrence }) =>
    recurrence &&
    "the states that its errors arrive at are within the layer, where no noise can be added to them",
};
