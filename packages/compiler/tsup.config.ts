import { definePackage } from "../../tsup.base";

export default definePackage({
  entry: { index: "src/index.ts", "platform-browser": "src/runtime/platform/browser.ts" },
  nodeEntry: { node: "src/node.ts", "platform-node": "src/runtime/platform/node.ts" },
  platform: "anywhere",
});
