import { printableName, showValue } from "@bioflax/core";

/** Raises the error for a file that is broken. */
export type Fail = (problem: string, remedy?: string) => never;

/** Deeper nesting than this is refused by Python's reader, and no file has it. */
const DEEPEST = 127;

/**
 * The header of a .safetensors file, JSON, as strictly as Python's reader takes it and the format's own text has it:
 * objects with names that stand once, whole numbers, whole characters.
 */
export function parseHeader(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  const text = decodeText(bytes, fail);
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    return fail("the header is not JSON");
  }
  if (!isObject(header) || !text.startsWith("{")) return fail("the header is not a JSON object");
  checkText(text, fail);
  const { __metadata__: metadata = null } = header;
  if (metadata !== null && !isTexts(metadata))
    fail(`expected texts by name under __metadata__, received ${showValue(metadata)}`);
  return header;
}

/** Whether a value is an object that is no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isTexts(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every((text) => typeof text === "string");
}

function decodeText(bytes: Uint8Array, fail: Fail): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return fail("the header is not UTF-8 text");
  }
}

const numeral = /[-+.\dEe]+/y;

/**
 * Refuses what JSON.parse lets pass: names that an object has twice, of which it keeps the last; 1.0 for 1; halves of
 * characters.
 */
function checkText(text: string, fail: Fail): void {
  /** The names of each object that is open; of a list, none. */
  const open: (Set<string> | undefined)[] = [];
  let expectsName = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === "{" || character === "[") {
      if (open.length === DEEPEST)
        fail(`expected tensors, received lists nested more than ${DEEPEST} deep`);
      open.push(character === "{" ? new Set() : undefined);
      expectsName = character === "{";
    } else if (character === "}" || character === "]") {
      open.pop();
    } else if (character === ",") {
      expectsName = open.at(-1) !== undefined;
    } else if (character === '"') {
      const end = endOfString(text, at);
      const string = JSON.parse(text.slice(at, end + 1)) as string;
      if (/\p{Cs}/u.test(string)) fail(`expected whole characters, received ${showValue(string)}`);
      if (expectsName) {
        if (open.at(-1)?.has(string)) fail(twice(string, open.length));
        open.at(-1)?.add(string);
      }
      expectsName = false;
      at = end;
    } else if (/[-\d]/.test(character)) {
      numeral.lastIndex = at;
      const [written = ""] = numeral.exec(text) ?? [];
      if (!/^\d+$/.test(written) && Number(written) >= 0 && Number.isInteger(Number(written)))
        fail(`expected whole numbers written as such, received ${printableName(written, 40)}`);
      at += written.length - 1;
    }
  }
}

function twice(name: string, depth: number): string {
  const what = depth === 1 ? `tensor ${showValue(name)}` : showValue(name);
  return `${what} is in the header more than once`;
}

/** Where a string of a JSON text ends that begins at a place. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}
