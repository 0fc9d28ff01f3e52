import { definePackage } from "../../tsup.base";

export default definePackage({
  nodeEntry: { node: "src/node.ts", testing: "testing/index.ts" },
  platform: "anywhere",
});
