import type { Options } from "tsup";
import { definePackage } from "../../tsup.base";

const definition = definePackage({
  programs: { cli: "src/cli.ts", "sweep-worker": "src/sweep-worker.ts" },
}) as (overrides: Options) => Options[];

// zod is bundled into the JavaScript: loaded from its many files, it is a third of the time the command takes to start.
export default (overrides: Options) =>
  definition(overrides).map((build) => (build.dts ? build : { ...build, noExternal: ["zod"] }));
