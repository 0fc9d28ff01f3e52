import { createRegistry } from "../registry";
import { bp } from "./bp";
import { brsf } from "./brsf";
import { dfa } from "./dfa";
import { dkp } from "./dkp";
import { drtp } from "./drtp";
import { f3 } from "./f3";
import { fa } from "./fa";
import { fdfa } from "./fdfa";
import { frsf } from "./frsf";
import { kp } from "./kp";
import { ldfa } from "./ldfa";
import { pepita } from "./pepita";
import { pfa } from "./pfa";
import type { SourceOfErrors } from "./routes";
import type { Rule } from "./rule";
import { sdfa } from "./sdfa";
import { usf } from "./usf";
import { wm } from "./wm";

const builtIns = {
  bp,
  fa,
  kp,
  wm,
  pfa,
  ldfa,
  usf,
  frsf,
  brsf,
  dfa,
  sdfa,
  dkp,
  fdfa,
  drtp,
  f3,
  pepita,
} as const;

/** Every rule by name, in the order the docs list them. */
export const rules = createRegistry<Rule, typeof builtIns>({
  kind: "rule",
  where: { name: "rules", of: "@bioflax/core" },
  builtIns,
  needs: {
    title: "string",
    formula: "object",
    route: "object",
    hasFeedback: "boolean",
    transport: "function",
  },
});

/** The name of a rule that comes with bioflax. */
export type RuleName = keyof typeof builtIns;

/** The name of a rule whose errors travel layer by layer. */
export type SequentialRuleName = NamesBy<"above">;

/** The name of a rule whose errors come straight from the output. */
export type DirectRuleName = NamesBy<"output">;

/** The name of a rule by which layers learn from a second pass. */
export type ModulatedRuleName = NamesBy<"input">;

/** The names of the rules of one route. */
type NamesBy<Source extends SourceOfErrors> = {
  [Name in RuleName]: Source extends (typeof builtIns)[Name]["route"]["source"] ? Name : never;
}[RuleName];

/** The rule of a name. @throws BioflaxError for an unknown one, naming the nearest. */
export function getRule(name: string): Rule {
  return rules.get(name);
}
