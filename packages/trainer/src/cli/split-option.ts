import { Option } from "commander";
import { splitNames } from "../trained/split-name";

/** The option for a part of a run's data. */
export function splitOption(): Option {
  return new Option("--split <part>", "which part of the data").choices(splitNames).default("test");
}
