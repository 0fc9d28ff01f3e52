import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { everyCase } from "@bioflax/core/testing";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "yaml";
import { allSettings } from "../src/config/settings";
import { configJson, configYaml } from "../src/resolve/print-config";
import { readConfig } from "../src/resolve/read-config";
import {
  ConfigError,
  type ConfigSource,
  resolveConfig,
  resolveWithOrigins,
  withoutCommand,
} from "../src/resolve/resolve";
import { scratchFolder } from "./scratch";

const folder = scratchFolder();

/** Cases that once failed, tried in every run beside the random ones. */
const known: [Record<string, unknown>, boolean][] = [
  [{ plugins: [" "] }, false],
  [{ plugins: ["./no-such-module.mjs"] }, true],
];

/** A value a setting might be given: often one it takes, else anything. */
const someValue = (
  setting: ReturnType<typeof allSettings>[number] | undefined,
): fc.Arbitrary<unknown> => {
  const { choices = [], many = false, default: byDefault } = setting ?? {};
  const one = fc.oneof(
    fc.constantFrom(byDefault, ...choices),
    fc.nat(5),
    fc.double(),
    fc.boolean(),
    fc.string(),
  );
  return fc.oneof(
    { weight: 3, arbitrary: many ? fc.array(one, { maxLength: 4 }) : one },
    { weight: 1, arbitrary: fc.anything() },
  );
};

const names = allSettings().flatMap(({ key, flag, aliases = [] }) => [
  key,
  flag,
  flag.replaceAll("-", "_"),
  ...aliases,
]);
const name = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...names) },
  { weight: 1, arbitrary: fc.constantFrom("extends", "$schema", "__proto__", "toString", "") },
  { weight: 1, arbitrary: fc.string() },
);
const entry = name.chain((key) =>
  someValue(allSettings().find((one) => one.key === key)).map((value) => [key, value] as const),
);
const structure = fc.array(entry, { maxLength: 6 }).map((entries) => Object.fromEntries(entries));

/** What comes of settings: they resolve, to what resolves to itself; or they are refused with their problems. */
async function outcome(read: () => Promise<readonly ConfigSource[]> | readonly ConfigSource[]) {
  try {
    const resolved = resolveWithOrigins(...(await read()));
    const run = withoutCommand(resolved.config);
    expect(resolveConfig({ file: "again", values: run })).toMatchObject(run);
    return resolved;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    expect(error.message).not.toMatch(/\[object|undefined: /);
    return undefined;
  }
}

test("any structure resolves or is refused as a ConfigError", async () => {
  const numRuns = everyCase ? 1500 : 300;
  let resolved = 0;
  const values = fc.oneof(
    { weight: 6, arbitrary: structure },
    { weight: 1, arbitrary: fc.anything() },
  );
  await fc.assert(
    fc.asyncProperty(values, fc.boolean(), async (given, isFile) => {
      if (await outcome(() => [{ ...(isFile && { file: "f" }), values: given }])) resolved++;
    }),
    { numRuns },
  );
  // The cases are worth something only if some are right.
  expect(resolved).toBeGreaterThan(numRuns / 30);
});

test("what resolves is printed such that it resolves to the same, as YAML and as JSON", async () => {
  const path = (ending: string) => join(folder, `printed.${ending}`);
  await fc.assert(
    fc.asyncProperty(structure, fc.boolean(), async (given, sources) => {
      const resolved = await outcome(() => [{ file: "f", folder: "/a b#c", values: given }]);
      if (resolved === undefined) return;
      writeFileSync(path("yaml"), await configYaml(resolved, sources));
      writeFileSync(path("json"), configJson(resolved, false));
      for (const ending of ["yaml", "json"]) {
        const again = readConfig(path(ending)).then((read) => resolveConfig(...read));
        // What resolves may name plugins that are installed nowhere; a file that does is refused when read.
        if ((resolved.config.plugins ?? []).length === 0)
          await expect(again).resolves.toEqual(resolved.config);
        else await expect(again).rejects.toThrow(`printed.${ending}: plugins: `);
      }
    }),
    { numRuns: everyCase ? 600 : 100, examples: known },
  );
});

/** Texts of config files: whole ones, damaged ones, and any. */
const written = fc.tuple(structure, fc.constantFrom("json", "yaml")).map(([values, form]) => {
  try {
    return form === "json" ? (JSON.stringify(values) ?? "") : stringify(values);
  } catch {
    return "- what has no text: [";
  }
});
const damaged = fc
  .tuple(written, fc.nat(200), fc.string({ unit: "grapheme", maxLength: 5 }), fc.nat(20))
  .map(([text, at, put, cut]) => text.slice(0, at) + put + text.slice(at + cut));
const pieces = fc
  .array(
    fc.constantFrom(
      ..."{ } [ ] : , - & * | > ? ! % # ' \" a lr: epochs: extends: &a *a !!binary <<: --- ... ~ 0x 1e9 .inf .nan \u0000 \t".split(
        " ",
      ),
      "\n",
      "\n  ",
      " ",
    ),
    { maxLength: 25 },
  )
  .map((list) => list.join(""));
const text = fc.oneof(written, damaged, pieces, fc.string({ unit: "binary" }));

test.each(["yaml", "json"])(
  "any text of a .%s file, and of one it extends, resolves or is refused",
  async (ending) => {
    const [run, base] = [join(folder, ending, `run.${ending}`), join(folder, ending, "base.yaml")];
    mkdirSync(join(folder, ending));
    await fc.assert(
      fc.asyncProperty(text, text, async (first, second) => {
        writeFileSync(run, first);
        writeFileSync(base, second);
        await outcome(() => readConfig(run));
        writeFileSync(run, ending === "json" ? '{"extends": "base.yaml"}' : "extends: base.yaml\n");
        await outcome(() => readConfig(run));
      }),
      { numRuns: everyCase ? 700 : 100 },
    );
  },
);

test.each([
  [
    "aliases that multiply",
    `a: &a [x]\n${"bcdefghijklmnopqrstuvw"
      .split("")
      .map((one, i) => `${one}: &${one} [${`*${"abcdefghijklmnopqrstuvw"[i]}, `.repeat(9)}]`)
      .join("\n")}\n`,
  ],
  ["an alias to itself", "lr: &a [*a]\n"],
  ["an alias to nothing", "lr: *a\n"],
  ["lists without end", `lr: ${"[".repeat(20000)}`],
  ["lists without end that end", `lr: ${"[".repeat(20000)}${"]".repeat(20000)}`],
  ["maps without end", Array.from({ length: 3000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")],
  ["keys that are lists", "? [lr]\n: 1\n"],
  ["a tag", "lr: !!js/function 'x'\n"],
  ["two documents", "lr: 1\n---\nlr: 2\n"],
])("%s is refused", async (_name, text) => {
  const path = join(folder, "hard.yaml");
  writeFileSync(path, text);
  expect(await outcome(() => readConfig(path))).toBeUndefined();
});
