import type { Rule } from "./rule";

/** Something that some rules have and others have not, and that options of layers may need. */
export interface RuleFeature {
  /** Whether a rule has it. */
  has(rule: Rule): boolean;
  /** What such a rule does, after "a rule that" or "no layer's rule". */
  readonly phrase: string;
}

/** What options of layers may need of a rule, by name. */
export const ruleFeatures = {
  feedbackWeights: { has: ({ hasFeedback }) => hasFeedback, phrase: "has feedback weights" },
  mirroring: { has: ({ mirror }) => mirror !== undefined, phrase: "mirrors the kernel" },
} as const satisfies Readonly<Record<string, RuleFeature>>;

/** Whether a rule's feedback weights change from step to step, by a gradient or a mirror. */
export const feedbackLearns = ({ feedbackGradient, mirror }: Rule): boolean =>
  feedbackGradient !== undefined || mirror !== undefined;
