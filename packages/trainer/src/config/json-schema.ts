import * as z from "zod";
import { configSchema } from "./schema";
import { settings } from "./settings";

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
    properties: { $schema: { type: "string" }, ...properties },
  };
}
