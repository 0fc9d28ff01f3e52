import { defaultClientConditions, defineConfig } from "vite";
import { digits } from "./digits-plugin";

export default defineConfig({
  // Any folder of any server will do.
  base: "./",
  plugins: [digits()],
  resolve: { conditions: ["@bioflax/source", ...defaultClientConditions] },
  worker: { format: "es" },
  // It finds its .wasm file by its own place.
  optimizeDeps: { exclude: ["onnxruntime-web"] },
});
