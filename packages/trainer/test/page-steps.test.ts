import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const root = join(__dirname, "../../..");

test("a run of jest prints nothing but results on stdout, on a machine without a driver for WebGPU either", () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "node_modules/jest/bin/jest.js"), "--json", "packages/core/src/show-value"],
    { cwd: root, encoding: "utf8", env: { ...process.env, VK_DRIVER_FILES: "/dev/null" } },
  );
  if (status !== 0) throw new Error(stderr);
  expect(JSON.parse(stdout).numFailedTests).toBe(0);
});
