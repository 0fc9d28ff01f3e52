import { lookUp } from "../errors";
import { bp } from "./bp";
import { dfa } from "./dfa";
import { fa } from "./fa";
import { kp } from "./kp";
import type { Rule } from "./rule";

/** Every rule by name, in the order the docs list them. */
export const rules = { bp, fa, kp, dfa } as const;

/** The name of a rule. */
export type RuleName = keyof typeof rules;

/** The rule of a name. @throws BioflaxError for an unknown one, naming the nearest. */
export function getRule(name: string): Rule {
  return lookUp<Rule>("rule", rules, name);
}
