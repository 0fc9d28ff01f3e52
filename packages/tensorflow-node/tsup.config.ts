import { definePackage } from "../../tsup.base";

export default definePackage({
  entry: { index: "src/index.ts", register: "src/register.ts" },
  programs: { cli: "src/cli.ts", proof: "src/proof.ts" },
});
