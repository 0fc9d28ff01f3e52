import { definePackage } from "../../tsup.base";

export default definePackage({ entry: { index: "src/index.ts", testing: "testing/index.ts" } });
