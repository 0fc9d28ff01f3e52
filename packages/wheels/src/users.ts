import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** Where a folder of wheels keeps who uses it: a file for each user, with the path of what it is. */
const usersOf = (wheels: string) => join(wheels, ".users");
const nameOf = (user: string) => createHash("sha256").update(user).digest("hex").slice(0, 16);

/** Notes that a file uses what is in a folder of wheels. */
export function addUser(wheels: string, user: string): void {
  mkdirSync(usersOf(wheels), { recursive: true });
  writeFileSync(join(usersOf(wheels), nameOf(user)), `${user}\n`);
}

/**
 * Notes that a file uses it no more, and removes the folder when nothing else that is there does.
 *
 * @returns whether it was removed.
 */
export function removeUser(wheels: string, user: string): boolean {
  const folder = usersOf(wheels);
  rmSync(join(folder, nameOf(user)), { force: true });
  const others = existsSync(folder) ? readdirSync(folder) : [];
  const isUsed = others.some((name) => existsSync(readFileSync(join(folder, name), "utf8").trim()));
  if (!isUsed) rmSync(wheels, { recursive: true, force: true });
  return !isUsed;
}

/** Takes the users of a folder over to the one that is to be in its place. */
export function keepUsers(from: string, to: string): void {
  if (existsSync(usersOf(from))) cpSync(usersOf(from), usersOf(to), { recursive: true });
}
