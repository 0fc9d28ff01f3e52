import { rules } from "@bioflax/core";
import { number, oneOf, positive, wholeNumber } from "../kinds";
import { setting } from "../setting-notes";

const mirroring = [...rules]
  .filter(({ mirror }) => mirror !== undefined)
  .map(({ name }) => name)
  .join(", ");

/** The feedback weights: which of them there are, and how they mirror the kernels. Core knows the defaults. */
export const feedback = {
  feedbackProjection: setting(oneOf(["dense", "broadcast"]).default("dense"), {
    group: "Feedback",
    description:
      "how errors straight from the output reach a feature map: dense (a feedback weight for each element) or broadcast (one for each channel)",
  }),
  feedbackConnections: setting(wholeNumber(1).optional(), {
    group: "Feedback",
    description:
      "fixed feedback weights each unit has, drawn by chance; the others are 0 (default: all)",
  }),
  mirrorSteps: setting(wholeNumber(0, 1000).optional(), {
    group: "Feedback",
    description: `steps of mirroring before each step of learning, of ${mirroring} (default: 1)`,
  }),
  mirrorBatch: setting(wholeNumber(1).optional(), {
    group: "Feedback",
    description: "rows of noise in a step of mirroring (default: 32)",
  }),
  mirrorRate: setting(positive().optional(), {
    group: "Feedback",
    description:
      "part of what a mirror sees that feedback weights take over in a step (default: 0.001)",
    placeholder: "rate",
  }),
  mirrorDecay: setting(number(0, { to: 1 }).optional(), {
    group: "Feedback",
    description:
      "part of feedback weights that decays in a step of mirroring (default: the mirror rate)",
    placeholder: "x",
  }),
  mirrorNoise: setting(positive().optional(), {
    group: "Feedback",
    description: "standard deviation of the noise a mirror is shown (default: 1)",
    placeholder: "x",
  }),
};
