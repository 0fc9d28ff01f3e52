import {
  type DirectRuleName,
  type ModulatedRuleName,
  type Route,
  type Rule,
  rules,
} from "@bioflax/core";

function comesFrom(source: Route["source"], given: string | Rule): boolean {
  const name = rules.nameOf(given);
  return rules.has(name) && rules.get(name).route.source === source;
}

/**
 * Whether errors come straight from the output under a rule; false for a name that is none, which others refuse.
 *
 * A rule of one's own is added to core's.
 */
export function isDirect(given: string | Rule): given is DirectRuleName | Rule<"output"> {
  return comesFrom("output", given);
}

/** Whether layers learn from a second pass of the data under a rule; false for a name that is none. */
export function isModulated(given: string | Rule): given is ModulatedRuleName | Rule<"input"> {
  return comesFrom("input", given);
}
