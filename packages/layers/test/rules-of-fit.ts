import { type RuleName, rules } from "@bioflax/core";

/**
 * The rules that `model.fit` can train by: it has no second pass of the data, tells no example from another, and takes
 * no derivative forward.
 */
export const rulesOfFit = (rules.names() as RuleName[]).filter((rule) => {
  const { route, needsDelayedError, needsOutputTangent } = rules.get(rule);
  return route.source !== "input" && !needsDelayedError && !needsOutputTangent;
});
