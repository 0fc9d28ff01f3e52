import { readFileSync, rmSync } from "node:fs";
import { defineConfig, type Options } from "tsup";

export interface PackageBuild {
  /** Public entry points, `{ name in dist: source file }`. */
  entry?: Record<string, string>;
  /** Public entry points that run in Node alone, of a package that otherwise runs anywhere. */
  nodeEntry?: Record<string, string>;
  /** Entry points that are only run, never imported: ESM, without declarations. */
  programs?: Record<string, string>;
  /** Where the package runs. `anywhere` compiles without Node's types, so that none slips in. */
  platform?: "anywhere" | "node";
}

/**
 * Makes a file of each module that the entries are made of, in place of a file of each entry. A bundler that is told that a
 * package has no side effects leaves out files that nothing is used of; of a file, what it cannot see to do nothing stays,
 * such as a registry of definitions with all that is in it.
 */
const fileByModule: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "file-by-module",
  async setup({ initialOptions, esbuild, onResolve }) {
    const { entryPoints = [], platform = "neutral" } = initialOptions;
    const { metafile } = await esbuild.build({
      entryPoints,
      platform,
      packages: "external",
      external: ["#*"],
      bundle: true,
      write: false,
      metafile: true,
      outdir: "dist",
    });
    initialOptions.entryPoints = Object.keys(metafile.inputs);
    initialOptions.outbase = "src";
    onResolve({ filter: /^/ }, ({ path, kind }) => {
      if (kind === "entry-point") return undefined;
      return { path: path.startsWith(".") ? `${path}.js` : path, external: true };
    });
  },
};

/**
 * ESM, CommonJS and declarations for both, the same way for every package; and of one that runs anywhere, ESM in a file a
 * module, `dist/modules`, for bundlers, which take it by the condition `module`.
 */
export function definePackage({
  entry = { index: "src/index.ts" },
  nodeEntry = {},
  programs = {},
  platform = "node",
}: PackageBuild = {}) {
  return defineConfig(() => {
    rmSync("dist", { recursive: true, force: true });
    const { name } = JSON.parse(readFileSync("package.json", "utf8")) as { name: string };
    const common: Options = {
      target: ["node20", "es2022"],
      platform: platform === "node" ? "node" : "neutral",
      // An entry point that uses another one imports it, instead of carrying a second copy; what a condition of the
      // package's `imports` chooses is chosen where the package is used.
      external: [name, /^#/],
      sourcemap: true,
      // The sources are published beside the maps, which need not carry them once more.
      esbuildOptions(options) {
        options.sourcesContent = false;
      },
      silent: true,
    };
    const build = (entries: Record<string, string>, onNode: boolean): Options[] => [
      { ...common, entry: entries, format: "cjs", shims: onNode },
      {
        ...common,
        entry: entries,
        format: ["esm", "cjs"],
        dts: {
          only: true,
          compilerOptions: {
            types: onNode ? ["node"] : [],
            // tsup's declaration build sets `baseUrl`, which TypeScript 6 deprecates.
            ignoreDeprecations: "6.0",
          },
        },
      },
    ];
    const onNode = platform === "node";
    const byModule: Options = {
      entry: Object.values(entry).filter((file) => file.startsWith("src/")),
      format: "esm",
      outDir: "dist/modules",
      esbuildPlugins: [fileByModule],
    };
    const hasNodeEntry = Object.keys(nodeEntry).length > 0;
    return [
      { ...common, entry: { ...entry, ...programs }, format: "esm", splitting: true },
      ...build(entry, onNode),
      ...(onNode ? [] : [{ ...common, ...byModule }]),
      ...(hasNodeEntry
        ? [
            { ...common, platform: "node" as const, entry: nodeEntry, format: "esm" as const },
            ...build(nodeEntry, true).map((one) => ({ ...one, platform: "node" as const })),
          ]
        : []),
    ];
  });
}
