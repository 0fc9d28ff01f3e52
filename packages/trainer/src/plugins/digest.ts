import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";

const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");

/** What a module imports by a relative path, however it says so. */
const imported = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*["'](\.{1,2}\/[^"'\n]*)["']/g;

/** The file a relative import means, as Node and CommonJS have it; undefined where there is none. */
const fileOf = (path: string) =>
  [path, `${path}.js`, `${path}.cjs`, `${path}.json`, `${path}/index.js`].find(
    (file) => existsSync(file) && !existsSync(`${file}/.`),
  );

/**
 * The digest of a module and of all it imports by relative paths: `sha256:` and, of one file, what `sha256sum
 * my-rule.mjs` prints; of several, what `sha256sum FILES | sha256sum` prints in the module's folder, the files sorted
 * by their paths.
 */
export async function digestOf(file: string): Promise<string> {
  const digests = new Map<string, string>();
  const visit = async (path: string): Promise<void> => {
    if (digests.has(path)) return;
    const bytes = await readFile(path);
    digests.set(path, sha256(bytes));
    for (const [, request = ""] of bytes.toString("utf8").matchAll(imported)) {
      const found = fileOf(resolve(dirname(path), request));
      if (found !== undefined) await visit(found);
    }
  };
  await visit(file);
  if (digests.size === 1) return `sha256:${digests.get(file)}`;
  const named = [...digests].map(([path, digest]) => ({
    name: relative(dirname(file), path).replaceAll(sep, "/"),
    digest,
  }));
  const lines = named
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, digest }) => `${digest}  ${name}\n`);
  return `sha256:${sha256(lines.join(""))}`;
}
