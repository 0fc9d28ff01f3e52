// `pnpm docs:generate [PART OF A PATH …]`: writes the generated parts of docs anew, from the sources, without a build.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import findNative from "./jest-native.mjs";

const at = (path) => fileURLToPath(new URL(`../packages/${path}`, import.meta.url));
const generate = JSON.stringify(at("trainer/test/generated/generate.ts"));

findNative();
const { status } = spawnSync(
  process.execPath,
  [
    "--conditions=@bioflax/source",
    `--require=${at("datasets/test/typescript.cjs")}`,
    "--input-type=commonjs",
    `--eval=require(${generate}).generateAll(process.argv.slice(1)).catch(({ message }) => {
      console.error(message);
      process.exitCode = 1;
    })`,
    "--",
    ...process.argv.slice(2),
  ],
  { stdio: "inherit", env: { BIOFLAX_EVERY_CASE: "1", ...process.env } },
);
process.exitCode = status ?? 1;
