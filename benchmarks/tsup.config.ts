import { defineConfig } from "tsup";

/** Each benchmark with the workspace's own packages bundled in, from their sources. */
export default defineConfig({
  format: "esm",
  target: "node20",
  noExternal: [/^@bioflax\//],
  esbuildOptions(options) {
    options.conditions = ["@bioflax/source"];
  },
  silent: true,
});
