import { defineConfig } from "tsup";

/** Each benchmark compiled; what it measures are the built packages, or in a browser their sources, bundled. */
export default defineConfig({
  format: "esm",
  target: "node20",
  silent: true,
  noExternal: ["browser-checks"],
});
