import { defineConfig } from "tsup";

/** Each benchmark compiled; what it measures are the built packages. */
export default defineConfig({ format: "esm", target: "node20", silent: true });
