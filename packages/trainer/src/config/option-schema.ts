import { describeOption, type NumberOption, type Option, showValue } from "@bioflax/core";
import * as z from "zod";

/** The numbers an option may be. */
function numberSchema(
  { from, above, to, below, whole }: Omit<NumberOption, "type" | "doc" | "default">,
  expected: { error: (issue: { input?: unknown }) => string },
) {
  let schema = whole ? z.int(expected) : z.number(expected);
  if (from !== undefined) schema = schema.min(from, expected);
  if (above !== undefined) schema = schema.gt(above, expected);
  if (to !== undefined) schema = schema.max(to, expected);
  return below === undefined ? schema : schema.lt(below, expected);
}

/** What a setting may be that is an option of a definition. Defaults are the definition's to say. */
export function optionSchema(option: Option): z.ZodType {
  const expected = {
    error: (issue: { input?: unknown }) =>
      `expected ${describeOption(option)}, received ${showValue(issue.input)}`,
  };
  switch (option.type) {
    case "number":
      return numberSchema(option, expected);
    case "flag":
      return z.boolean(expected);
    case "choice":
      return z.enum([...option.choices], expected);
    case "numbers":
      return z.array(numberSchema(option, expected), expected);
    case "words":
      return z.array(z.string(expected), expected);
  }
}
