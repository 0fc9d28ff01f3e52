import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where a TensorFlow of the cache keeps who uses it: a file for each addon, with its path. */
const usersOf = (tensorflow: string) => join(dirname(tensorflow), ".users");
const nameOf = (addon: string) => createHash("sha256").update(addon).digest("hex").slice(0, 16);

/** Notes that an addon uses a TensorFlow of the cache. @param tensorflow the folder of the Python package. */
export function addUser(tensorflow: string, addon: string): void {
  mkdirSync(usersOf(tensorflow), { recursive: true });
  writeFileSync(join(usersOf(tensorflow), nameOf(addon)), `${addon}\n`);
}

/**
 * Notes that an addon uses it no more, and removes the TensorFlow when no other addon does.
 *
 * @returns whether it was removed.
 */
export function removeUser(tensorflow: string, addon: string): boolean {
  const folder = usersOf(tensorflow);
  rmSync(join(folder, nameOf(addon)), { force: true });
  const others = existsSync(folder) ? readdirSync(folder) : [];
  const isUsed = others.some((name) => existsSync(readFileSync(join(folder, name), "utf8").trim()));
  if (!isUsed) rmSync(dirname(tensorflow), { recursive: true, force: true });
  return !isUsed;
}
