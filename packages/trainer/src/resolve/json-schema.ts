import * as z from "zod";
import { configSchema } from "../config/schema";
import { settings } from "../config/settings";
import { EXTENDS } from "./resolve";

const path = { type: "string", minLength: 1 };

/** What only files have, and is gone once they are read. */
const extended = {
  description:
    "config files to go on from, relative to this one: what they set, this file overrides; of several, later ones override earlier ones",
  anyOf: [path, { type: "array", items: path }],
};

/** The JSON Schema of config files, for editors and other programs. */
export function configJsonSchema(): object {
  const { properties = {}, ...schema } = z.toJSONSchema(configSchema, { io: "input" });
  for (const { key, default: value } of settings) {
    // zod leaves out the defaults of settings it transforms.
    if (Object.hasOwn(properties, key) && value !== undefined)
      Object.assign(properties[key] as object, { default: value });
  }
  return {
    ...schema,
    title: "Settings of a bioflax training run",
    properties: { $schema: { type: "string" }, [EXTENDS]: extended, ...properties },
  };
}
