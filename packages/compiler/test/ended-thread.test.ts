import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

test("a thread whose last answer comes when it has been told to end is waited for", () => {
  const said = execFileSync(process.execPath, [
    "--conditions=@bioflax/source",
    `--require=${join(__dirname, "../../datasets/test/typescript.cjs")}`,
    "--input-type=commonjs",
    `--eval=require(${JSON.stringify(join(__dirname, "ended-thread.ts"))})`,
  ]);
  expect(said.toString()).toBe("ended\n");
});
