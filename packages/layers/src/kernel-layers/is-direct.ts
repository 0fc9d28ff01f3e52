import { type DirectRuleName, type Rule, rules } from "@bioflax/core";

/**
 * Whether errors come straight from the output under a rule; false for a name that is none, which others refuse.
 *
 * A rule of one's own is added to core's.
 */
export function isDirect(given: string | Rule): given is DirectRuleName | Rule<"output"> {
  const name = rules.nameOf(given);
  return rules.has(name) && rules.get(name).route.source === "output";
}
