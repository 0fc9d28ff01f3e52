import { sequential } from "./routes";
import { feedbackOf, type Rule } from "./rule";

/**
 * Kolen-Pollack: feedback weights B learn with the kernel's own gradient, ΔB = ΔW.
 *
 * With weight decay λ on both, W − B shrinks by (1 − λ) a step, so that B converges to W.
 */
export const kp: Rule<"above"> = {
  name: "kp",
  title: "Kolen-Pollack",
  paper: {
    authors: "Akrout, Wilson, Humphreys, Lillicrap & Tweed (after Kolen & Pollack 1994)",
    year: 2019,
    title: "Deep learning without weight transport",
    where: "NeurIPS 32, equations 16–18",
  },
  formula: { transport: "B", feedback: "∂B = ∂W" },
  route: sequential,
  hasFeedback: true,
  transport: (_ops, context) => feedbackOf(context),
  feedbackGradient: (_ops, { kernelGradient }) => kernelGradient,
};
