import type { Options } from "tsup";
import { definePackage } from "../../tsup.base";

const definition = definePackage({
  nodeEntry: { node: "src/node.ts" },
  platform: "anywhere",
}) as (overrides: Options) => Options[];

// zod is bundled into the JavaScript, as in the trainer: loaded from its many files, it slows the command's start.
export default (overrides: Options) =>
  definition(overrides).map((build) => (build.dts ? build : { ...build, noExternal: ["zod"] }));
