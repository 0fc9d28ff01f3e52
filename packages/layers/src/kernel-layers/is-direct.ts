import { type DirectRuleName, type Rule, type RuleName, rules } from "@bioflax/core";

/** Whether errors come straight from the output under a rule; false for a name that is none, which others refuse. */
export function isDirect(name: RuleName): name is DirectRuleName {
  return (rules as Readonly<Record<string, Rule>>)[name]?.route.source === "output";
}
