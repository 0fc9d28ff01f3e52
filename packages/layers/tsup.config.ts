import { definePackage } from "../../tsup.base";

export default definePackage({ platform: "anywhere", nodeEntry: { node: "src/node.ts" } });
