import { sequential } from "./routes";
import type { Rule } from "./rule";

/** Backpropagation: the transport is the kernel itself, so δ below = e·Wᵀ. */
export const bp: Rule<"above"> = {
  name: "bp",
  title: "Backpropagation",
  paper: {
    authors: "Rumelhart, Hinton & Williams",
    year: 1986,
    title: "Learning representations by back-propagating errors",
    where: "Nature 323, 533–536",
  },
  formula: { transport: "W", feedback: "none" },
  route: sequential,
  hasFeedback: false,
  transport: (_ops, { parameters }) => parameters.kernel,
};
