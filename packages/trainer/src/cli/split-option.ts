import { Option } from "commander";

/** The option for a part of a run's data. */
export function splitOption(): Option {
  return new Option("--split <part>", "which part of the data")
    .choices(["test", "validation", "train"])
    .default("test");
}
