import { definePackage } from "../../tsup.base";

export default definePackage({ programs: { cli: "src/cli.ts" } });
