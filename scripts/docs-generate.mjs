// `pnpm docs:generate [PART OF A PATH …]`: writes the generated parts of docs anew, from the sources, without a build.
import { createRequire } from "node:module";
import findNative from "./jest-native.mjs";

findNative();
const require = createRequire(import.meta.url);
require("./run-sources.cjs");
require("../packages/trainer/test/generated/generate.ts");
