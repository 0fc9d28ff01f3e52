import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { sentence, sizeOf } from "@bioflax/core";
import { isNpy, parseIdx, parseNpy } from "@bioflax/datasets";
import {
  type Header,
  type HeaderAdvice,
  type InputArray,
  inputError,
  isPng,
  readCsv,
  readPng,
  readSymbols,
  whyUnusable,
} from "@bioflax/datasets/node";
import type { DataDescription } from "@bioflax/runs";
import { readJson } from "./json";

const unzip = promisify(gunzip);

/** The most an unzipped input may hold, 2 GiB: more than any data set here, and less than a machine has. */
const MOST = 2 ** 31 - 1;

const NOTHING = "expected a picture, an array or numbers, received nothing: it is empty.";

/** The flag of `bioflax predict` that says what the first line is. */
const headerFlag: HeaderAdvice = {
  either: "Say which: --header no, or --header yes.",
  titles: "If they are titles: --header yes.",
};

const startsWith = (bytes: Uint8Array, ...start: number[]) =>
  start.every((byte, place) => bytes[place] === byte);

/** What errors call an input: its path, or where `-` was given what that stands for. */
export const inputName = (path: string) => (path === "-" ? "standard input" : path);

/**
 * Reads inputs for a network: a PNG picture, a NumPy array (.npy), idx images, CSV, or JSON; gzipped or not.
 *
 * What a file is, its first bytes say; text is JSON where it begins with a bracket, and else CSV. For a network that has
 * learnt from a text it is a text, of whose end the network sees as much as it takes.
 *
 * @param path the file, or `-` for standard input.
 * @param header whether the first line of CSV has titles.
 * @throws BioflaxError when it cannot be read, or is none of these.
 */
export async function readInput(
  path: string,
  data: DataDescription,
  stdin?: AsyncIterable<Uint8Array | string>,
  header?: Header,
): Promise<InputArray> {
  const name = inputName(path);
  const raw = path === "-" ? await collect(stdin) : await readBytes(path);
  const bytes = startsWith(raw, 0x1f, 0x8b) ? await unzipped(raw, name) : raw;
  const { symbols, classNames, inputShape } = data;
  const isOfText = symbols !== undefined && classNames !== undefined;
  if (bytes.length === 0 && !isOfText) throw inputError(name, NOTHING);
  if (isPng(bytes)) return readPng(bytes, name, data.imageShape);
  if (isNpy(bytes)) return parseNpy(bytes, name);
  if (startsWith(bytes, 0, 0)) return parseIdx(bytes, name);
  if (startsWith(bytes, 0xff, 0xd8))
    throw inputError(
      name,
      "received a JPEG picture, whose compression changes pixels. Convert it to PNG.",
    );
  if (isOfText)
    return {
      shape: inputShape,
      values: readSymbols(bytes, name, sizeOf(inputShape), classNames),
    };
  const text = decode(bytes, name);
  if (text.trim() === "") throw inputError(name, NOTHING);
  return /^\uFEFF?\s*[[{]/.test(text)
    ? readJson(text.replace(/^\uFEFF/, ""), name)
    : readCsv(text, name, header, headerFlag);
}

async function collect(
  stream: AsyncIterable<Uint8Array | string> | undefined,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

async function readBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === "ENOENT" ? "there is no such file" : whyUnusable(error);
    throw inputError(path, `expected a readable file, but ${reason}. Check the path.`);
  });
}

async function unzipped(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  return unzip(bytes, { maxOutputLength: MOST }).catch((error: Error) => {
    throw inputError(name, `expected a whole gzip file, but ${sentence(error.message)}`);
  });
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw inputError(
      name,
      "expected a PNG picture, a .npy array, idx images, CSV or JSON, received none of these.",
    );
  }
}
