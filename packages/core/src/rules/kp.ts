import { sequential } from "./routes";
import { feedbackOf, type Rule } from "./rule";

/**
 * Kolen-Pollack: feedback weights B learn with the kernel's own gradient, ΔB = ΔW.
 *
 * With weight decay λ on both, W − B shrinks by (1 − λ) a step, so that B converges to W.
 */
export const kp: Rule = {
  name: "kp",
  title: "Kolen-Pollack",
  paper: {
    authors: "Akrout, Wilson, Humphreys, Lillicrap & Tweed (after Kolen & Pollack 1994)",
    year: 2019,
    title: "Deep learning without weight transport",
    where: "NeurIPS 32, equations 16–18",
  },
  route: sequential,
  hasFeedback: true,
  transport: (_ops, parameters) => feedbackOf(parameters),
  feedbackGradient: (_ops, kernelGradient) => kernelGradient,
};
