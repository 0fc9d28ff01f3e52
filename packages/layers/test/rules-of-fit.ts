import { type RuleName, rules } from "@bioflax/core";

/** The rules that `model.fit` can train by: it has no second pass of the data. */
export const rulesOfFit = (rules.names() as RuleName[]).filter(
  (rule) => rules.get(rule).route.source !== "input",
);
