import { ConfigError } from "./resolve";

/**
 * The value a config file's text stands for.
 *
 * @param path the file; one that ends in `.json` is JSON, any other YAML, which JSON is too.
 * @throws ConfigError naming the file, and the line where the text is not what it should be.
 */
export async function parseConfig(path: string, text: string): Promise<unknown> {
  // Editors of Windows begin a file with a byte order mark, which JSON.parse does not take.
  return path.endsWith(".json")
    ? parseJson(path, text.replace(/^\uFEFF/, ""))
    : parseYaml(path, text);
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError([`${path}: expected JSON, but ${(error as Error).message}`]);
  }
}

async function parseYaml(path: string, text: string): Promise<unknown> {
  // Loaded when needed: most runs have no YAML to read.
  const { parseDocument } = await import("yaml");
  const refused = (messages: readonly string[]) =>
    new ConfigError(messages.map((message) => `${path}: expected YAML, but ${message.trimEnd()}`));
  try {
    // What is only warned of is nothing to write on a terminal.
    const document = parseDocument(text, { logLevel: "error" });
    if (document.errors.length > 0) throw refused(document.errors.map(({ message }) => message));
    // A file of comments alone sets nothing.
    return document.toJS() ?? {};
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    // Aliases without an anchor, or of too many others; text nested too deep.
    throw refused([(error as Error).message]);
  }
}
