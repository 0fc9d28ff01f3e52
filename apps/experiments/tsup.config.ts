import { defineConfig } from "tsup";

/** Each experiment that is a program of its own, compiled; what it trains with are the built packages. */
export default defineConfig({ format: "esm", target: "node20", silent: true });
