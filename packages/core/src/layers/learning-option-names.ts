import type { OptionNames } from "../option-names";
import {
  type AnyLearningOption,
  everyLearningOption,
  type FeedbackWeightOptions,
  type LearningOptions,
  type OwnFeedbackOptions,
  type UpdateOptions,
} from "./learning-options";

// The table's types see to it that an option says the concern it is declared under.
const namesOf = (concern: AnyLearningOption["concerns"]) =>
  Object.fromEntries(
    everyLearningOption.flatMap(([name, { concerns }]) =>
      concerns === concern ? [[name, true]] : [],
    ),
  );

/** What concerns kernel and bias, by name. */
export const updateOptionNames = namesOf("update") as OptionNames<UpdateOptions>;

/** What concerns feedback weights wherever they are, by name. */
export const feedbackWeightOptionNames = namesOf(
  "feedbackWeights",
) as OptionNames<FeedbackWeightOptions>;

/** What concerns feedback weights that stand for the layer's own kernel, by name. */
export const ownFeedbackOptionNames = namesOf("ownFeedback") as OptionNames<OwnFeedbackOptions>;

/** Every option of how a layer learns, by name, in the order of the table. */
export const learningOptionNames = Object.fromEntries(
  everyLearningOption.map(([name]) => [name, true]),
) as OptionNames<LearningOptions>;
