import { readdirSync, statSync } from "node:fs";
import { extname } from "node:path";
import { BioflaxError } from "@bioflax/core";
import { unreadable } from "../files/read-file";

/** How tables end. */
const TABLES = [".csv", ".tsv", ".npy"];

/** The data sets of one's own files. */
export type OwnDataset = "npz" | "idx" | "folder" | "table" | "text";

/**
 * Which data set a file or folder of one's own is: a `.npz` file, a table as `.csv` or `.npy`, a text as `.txt`, a
 * folder with idx files,
 * or one with a folder of pictures for each class.
 *
 * @throws BioflaxError when there is nothing, or something else.
 */
export function whatIsAt(path: string): OwnDataset {
  const { isFile, entries } = look(path);
  if (isFile) {
    const kind = extname(path.toLowerCase().replace(/\.gz$/, ""));
    if (kind === ".npz") return "npz";
    if (TABLES.includes(kind)) return "table";
    if (kind === ".txt") return "text";
    throw new BioflaxError(
      `${path}: expected a file .npz, .npy, .csv or .txt, or a folder of images, received another kind of file. ` +
        "If it is one of them, name the data set (on the command line, --dataset and --data-dir).",
    );
  }
  if (entries.some(({ name }) => /-idx\d-u?byte|\.idx\d-ubyte/.test(name))) return "idx";
  if (entries.some((entry) => entry.isDirectory())) return "folder";
  throw new BioflaxError(
    `${path}: expected idx files as MNIST's, or a folder of PNG pictures for each class, received neither.`,
  );
}

function look(path: string) {
  try {
    const isFile = statSync(path).isFile();
    return { isFile, entries: isFile ? [] : readdirSync(path, { withFileTypes: true }) };
  } catch (error) {
    throw unreadable(path, error as Error);
  }
}
