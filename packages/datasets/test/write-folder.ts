import { mkdirSync, writeFileSync } from "node:fs";

/** Writes files into a folder, made where it is not there. @returns the folder. */
export function writeFolder(folder: string, files: Readonly<Record<string, Uint8Array>>): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(`${folder}/${name}`, bytes);
  return folder;
}
