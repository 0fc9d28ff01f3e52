import { factoredGradient, factoredTransport, unitsOfGroup } from "./error-projection";
import { sequential } from "./routes";
import type { Rule } from "./rule";

/** How many times a layer's units the population has that errors go through, where nothing else is said. */
const EXPANSION = 10;

/**
 * Product feedback alignment: errors go through a larger population, by fixed random P and from there by learned Q, so
 * that no synapse has one back between the same two neurons: ∂Q = ∂W·Pᵀ.
 *
 * With weight decay Q converges to W·Pᵀ and Q·P to W·PᵀP, which is about W: the entries of P have the variance 1 / its
 * rows, so that PᵀP is the identity but for noise of 1/√rows. The paper's R and B are Q and P here. How many rows P has
 * is the layer's `feedbackRank`, ten times its units when left out. The update, and how P starts, are those of the
 * authors' code.
 */
export const pfa: Rule<"above"> = {
  name: "pfa",
  title: "Product feedback alignment",
  paper: {
    authors: "Li & Benna",
    year: 2024,
    title: "Deep learning without weight symmetry",
    where: "arXiv 2405.20594",
  },
  formula: { transport: "Q·P", feedback: "∂Q = ∂W·Pᵀ, P fixed" },
  route: sequential,
  hasFeedback: true,
  errorProjection: {
    units: (layer) => layer.spec.feedbackRank ?? EXPANSION * unitsOfGroup(layer),
    initializer: { name: "lecunNormal" },
  },
  transport: factoredTransport,
  feedbackGradient: factoredGradient,
};
