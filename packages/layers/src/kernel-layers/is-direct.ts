import { type DirectRuleName, rules } from "@bioflax/core";

/** Whether errors come straight from the output under a rule; false for a name that is none, which others refuse. */
export function isDirect(name: string): name is DirectRuleName {
  return rules.has(name) && rules.get(name).route.source === "output";
}
