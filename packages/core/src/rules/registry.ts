import { lookUp } from "../errors";
import { bp } from "./bp";
import { brsf } from "./brsf";
import { dfa } from "./dfa";
import { dkp } from "./dkp";
import { drtp } from "./drtp";
import { fa } from "./fa";
import { frsf } from "./frsf";
import { kp } from "./kp";
import type { SourceOfErrors } from "./routes";
import type { Rule } from "./rule";
import { sdfa } from "./sdfa";
import { usf } from "./usf";
import { wm } from "./wm";

/** Every rule by name, in the order the docs list them. */
export const rules = { bp, fa, kp, wm, usf, frsf, brsf, dfa, sdfa, dkp, drtp } as const;

/** The name of a rule. */
export type RuleName = keyof typeof rules;

/** The name of a rule whose errors travel layer by layer. */
export type SequentialRuleName = NamesBy<"above">;

/** The name of a rule whose errors come straight from the output. */
export type DirectRuleName = NamesBy<"output">;

/** The names of the rules of one route. */
type NamesBy<Source extends SourceOfErrors> = {
  [Name in RuleName]: Source extends (typeof rules)[Name]["route"]["source"] ? Name : never;
}[RuleName];

/** The rule of a name. @throws BioflaxError for an unknown one, naming the nearest. */
export function getRule(name: string): Rule {
  return lookUp<Rule>("rule", rules, name);
}
