// Has Python's safetensors read the odd files of our tests, and NumPy the 16-bit numbers, in a Python environment of
// its own:
//   pnpm --filter @bioflax/trainer run check-safetensors
// packages/runs/test/odd-safetensors.json has what they say; our own reader is held to it by
// packages/runs/src/safetensors/safetensors.test.ts.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stderr } from "node:process";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { Findings, newFolder, pythonEnvironment, run } from "./python-environment.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const program = await pythonEnvironment("safetensors", ["safetensors", "numpy", "ml_dtypes"]);
const findings = new Findings();
const { digests, files } = JSON.parse(
  await readFile(here("../../runs/test/odd-safetensors.json"), "utf8"),
);

const folder = await newFolder("safetensors");
const paths = await Promise.all(
  files.map(async ({ header, data }, i) => {
    const path = join(folder, `${i}.safetensors`);
    const text = Buffer.from(header);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    await writeFile(path, Buffer.concat([length, text, Buffer.from(data, "hex")]));
    return path;
  }),
);
const read = await run(program("python"), [here("read-safetensors.py"), ...paths]);
findings.expect(read.status === 0, `Python's reader failed: ${read.stderr}`);
const found = JSON.parse(read.stdout);
for (const [i, { name, python }] of files.entries())
  findings.expect(
    isDeepStrictEqual(found.files[i], python),
    `${name}: expected ${JSON.stringify(python)}, found ${JSON.stringify(found.files[i])}`,
  );
findings.expect(
  isDeepStrictEqual(found.digests, digests),
  `the 16-bit numbers: expected ${JSON.stringify(digests)}, found ${JSON.stringify(found.digests)}`,
);
stderr.write(`safetensors ${found.version} has read ${files.length} files\n`);
findings.finish("safetensors");
