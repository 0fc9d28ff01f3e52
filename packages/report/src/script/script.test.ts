import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import { script, scriptDigest } from "./script";

test("the digest that a browser lets the script run by is the script's", () => {
  expect(scriptDigest).toBe(createHash("sha256").update(script).digest("base64"));
});
