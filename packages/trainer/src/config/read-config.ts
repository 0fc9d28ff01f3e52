import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ConfigError, type ConfigSource } from "./resolve";

/**
 * Reads the settings of a config file, YAML or JSON; {@link resolveConfig} checks them.
 *
 * @param path the file; paths in it are relative to its folder.
 * @throws ConfigError when the file cannot be read or is not YAML or JSON, naming the line.
 */
export async function readConfig(path: string): Promise<ConfigSource> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === "ENOENT" ? "there is no such file" : error.message;
    throw new ConfigError([
      `--config ${path}: expected a readable file, but ${reason}. Check the path`,
    ]);
  });
  return {
    file: path,
    folder: dirname(path),
    values: path.endsWith(".json") ? parseJson(path, text) : await parseYaml(path, text),
  };
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
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map(({ message }) => `${path}: expected YAML, but ${message.trimEnd()}`),
    );
  }
  // A file of comments alone sets nothing.
  return document.toJS() ?? {};
}
