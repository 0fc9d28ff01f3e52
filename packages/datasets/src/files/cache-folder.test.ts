import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { cacheFolder } from "./cache-folder";

test.each([
  [{}, join(homedir(), ".cache", "bioflax")],
  [{ XDG_CACHE_HOME: "/shared" }, join("/shared", "bioflax")],
  [{ XDG_CACHE_HOME: "relative" }, join(homedir(), ".cache", "bioflax")],
  [{ XDG_CACHE_HOME: "" }, join(homedir(), ".cache", "bioflax")],
  [{ XDG_CACHE_HOME: "/shared", BIOFLAX_CACHE: "/own" }, "/own"],
  [{ BIOFLAX_CACHE: "own" }, resolve("own")],
  [{ BIOFLAX_CACHE: "" }, join(homedir(), ".cache", "bioflax")],
])("%j", (env, folder) => {
  expect(cacheFolder(env)).toBe(folder);
});
