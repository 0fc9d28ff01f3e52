import { sizeOf } from "../ops/shapes";
import {
  factoredGradient,
  factoredTransport,
  projectedError,
  unitsOfGroup,
} from "./error-projection";
import { sequential } from "./routes";
import type { Rule } from "./rule";

/** How many dimensions of an error are sent, where nothing else is said: the classes of most tasks. */
const RANK = 10;

/**
 * Low-dimensional feedback: of an error only r dimensions are sent, z = e·Pᵀ, and P learns which: by Oja's subspace
 * rule the row space of P comes to be that of the largest principal components of e. Q learns as under Kolen-Pollack,
 * ∂Q = ∂W·Pᵀ.
 *
 * ΔP = η·⟨zᵀ·e − zᵀ·z·P⟩, the mean over the batch of what each example's own error would do, places summed: e is that
 * of the mean loss, and so is multiplied by the batch. It goes to the optimizer as the gradient −⟨zᵀ·e − zᵀ·z·P⟩. r is
 * the layer's `feedbackRank`, 10, or the layer's units where they are fewer, when left out. An example's weight, which
 * its error is multiplied by, counts squared in P. An embedding, which sends no error on, leaves its P as it starts.
 *
 * Oja's rule is stable where η·Σ‖e‖², over an example's places, is below 1: from large errors P grows without
 * bound at rates at which the kernels learn.
 */
export const ldfa: Rule<"above"> = {
  name: "ldfa",
  title: "Low-dimensional feedback alignment",
  paper: {
    authors: "Hanut & Kadmon",
    year: 2025,
    title: "Training large neural networks with low-dimensional error feedback",
    where: "arXiv 2502.20580",
  },
  formula: { transport: "Q·P", feedback: "∂Q = ∂W·Pᵀ, P by Oja's rule" },
  route: sequential,
  hasFeedback: true,
  errorProjection: {
    units: (layer) => Math.min(layer.spec.feedbackRank ?? RANK, unitsOfGroup(layer)),
    // Rows of length 1, but for chance, which is where Oja's rule keeps them.
    initializer: { name: "varianceScaling", mode: "fanOut" },
    gradient(ops, { projection, error }) {
      const shape = ops.shape(error);
      const [batch] = shape as [number];
      const [own, units] = ops.shape(projection) as [number, number];
      const places = sizeOf(shape) / units;
      const e = ops.reshape(error, [places, units]);
      const z = ops.reshape(projectedError(ops, projection, error), [places, own]);
      const hebbian = ops.matMul(z, e, { transposeA: true });
      const decay = ops.matMul(ops.matMul(z, z, { transposeA: true }), projection);
      return ops.axpby(batch, decay, -batch, hebbian);
    },
  },
  transport: factoredTransport,
  feedbackGradient: factoredGradient,
};
