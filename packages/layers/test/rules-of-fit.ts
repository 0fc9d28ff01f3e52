import { type RuleName, rules } from "@bioflax/core";

/** The rules that `model.fit` can train by: it has no second pass of the data, and tells no example from another. */
export const rulesOfFit = (rules.names() as RuleName[]).filter((rule) => {
  const { route, needsDelayedError } = rules.get(rule);
  return route.source !== "input" && !needsDelayedError;
});
