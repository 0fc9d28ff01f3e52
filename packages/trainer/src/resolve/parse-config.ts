import { printableName } from "@bioflax/core";
import { ConfigError } from "./resolve";

/**
 * The value a config file's text stands for.
 *
 * @param path the file; one that ends in `.json` is JSON, any other YAML, which JSON is too.
 * @throws ConfigError naming the file, and the line where the text is not what it should be; a key that stands twice is
 *   not.
 */
export async function parseConfig(path: string, text: string): Promise<unknown> {
  // Editors of Windows begin a file with a byte order mark, which JSON.parse does not take.
  return path.endsWith(".json")
    ? parseJson(path, text.replace(/^\uFEFF/, ""))
    : parseYaml(path, text);
}

async function parseJson(path: string, text: string): Promise<unknown> {
  const refused = (problem: string) => new ConfigError([`${path}: expected JSON, but ${problem}`]);
  try {
    const value: unknown = JSON.parse(text);
    // Of a key that stands twice, JSON.parse keeps the last value without a word. Else JSON is YAML, but for tabs.
    const { errors } = await parseDocument(text);
    const twice = errors.find(({ code }) => code === "DUPLICATE_KEY");
    if (twice !== undefined) throw refused(twice.message.trimEnd());
    return value;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw refused(printableName((error as Error).message, 300));
  }
}

async function parseYaml(path: string, text: string): Promise<unknown> {
  const refused = (messages: readonly string[]) =>
    new ConfigError(messages.map((message) => `${path}: expected YAML, but ${message.trimEnd()}`));
  try {
    const document = await parseDocument(text);
    if (document.errors.length > 0) throw refused(document.errors.map(({ message }) => message));
    // A file of comments alone sets nothing.
    return document.toJS() ?? {};
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    // Aliases without an anchor, or of too many others; text nested too deep.
    throw refused([(error as Error).message]);
  }
}

/** No setting has lists or maps nested nearly so deep. */
const DEEPEST = 100;

/**
 * Parses a text as YAML.
 *
 * @throws Error for brackets nested so deep that the parser, which calls itself for each, may end the process.
 */
async function parseDocument(text: string) {
  let depth = 0;
  for (const bracket of text.match(/[[\]{}]/g) ?? []) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1;
    if (depth > DEEPEST) throw new Error(`its lists are nested more than ${DEEPEST} deep`);
  }
  // Loaded when needed: most runs have no config file to read.
  const yaml = await import("yaml");
  // What is only warned of is nothing to write on a terminal.
  return yaml.parseDocument(text, { logLevel: "error" });
}
