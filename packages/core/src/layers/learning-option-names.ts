import type { OptionNames } from "../option-names";
import {
  type AnyLearningOption,
  everyLearningOption,
  type FeedbackWeightOptions,
  type LearningOptions,
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

/** Every option of how a layer learns, by name, in the order of the table. */
export const learningOptionNames = Object.fromEntries(
  everyLearningOption.map(([name]) => [name, true]),
) as OptionNames<LearningOptions>;
