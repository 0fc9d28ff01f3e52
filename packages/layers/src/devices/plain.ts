import type * as tf from "@tensorflow/tfjs";
import { type StartDevice, setBackend, TFJS } from "./device";
import { loadPackage } from "./packages";

const WASM = "@tensorflow/tfjs-backend-wasm";

/** TensorFlow.js's own backend in JavaScript: everywhere, and slow. */
export const startCpu: StartDevice = async ({ load }) => {
  const tfjs = (await load(TFJS)) as typeof tf;
  await setBackend(tfjs, "cpu");
  return { tf: tfjs, threads: 1, hardware: "JavaScript", versions: { [TFJS]: tfjs.version.tfjs } };
};

/** WebAssembly, which has one thread in Node however many there are. */
export const startWasm: StartDevice = async (host) => {
  const tfjs = (await host.load(TFJS)) as typeof tf;
  const { version_wasm } = (await loadPackage(host, "wasm", WASM, {
    missing: `\`npm install ${WASM}\` adds it.`,
    broken: `\`npm install ${WASM}@latest\` may mend it.`,
  })) as { version_wasm: string };
  await setBackend(tfjs, "wasm");
  const hasSimd = await tfjs.env().getAsync("WASM_HAS_SIMD_SUPPORT");
  return {
    tf: tfjs,
    threads: 1,
    hardware: hasSimd === true ? "WebAssembly with SIMD" : "WebAssembly",
    versions: { [TFJS]: tfjs.version.tfjs, [WASM]: version_wasm },
  };
};
