import { Option } from "commander";
import { goals } from "../sweep/spec/goal";

/** The option for what is wanted of the metric that runs are compared by. */
export function goalOption(): Option {
  return new Option("--goal <goal>", "whether less or more of it is better").choices(goals);
}
