// Before Jest's tests: is there a GPU for WebGPU, or else a driver that imitates one? Its name goes to the tests in
// BIOFLAX_ADAPTER, which they are named after; empty where there is none, and they are skipped. The version of the
// TensorFlow that the native part of tfjs-node is linked with goes to them in BIOFLAX_TENSORFLOW, that of tfjs-node-gpu
// in BIOFLAX_TENSORFLOW_GPU, empty where there is none.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** SwiftShader, a Vulkan driver that computes on the processor, as Debian's chromium package carries it. */
const SOFTWARE_DRIVER = "/usr/lib/chromium/vk_swiftshader_icd.json";

const require = createRequire(new URL("../packages/layers/package.json", import.meta.url));

/** The name of the adapter Dawn finds; empty for none. In a process of its own, whose driver may end it. */
function adapterName(env) {
  const program = `
    const { create } = await import(${JSON.stringify(pathToFileURL(require.resolve("webgpu")).href)});
    const adapter = await create([]).requestAdapter({ powerPreference: "high-performance" });
    const { device, description } = adapter?.info ?? { device: "", description: "" };
    process.stdout.write([device, description].filter(Boolean).join(", "));`;
  try {
    return execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 60_000,
    }).toString();
  } catch {
    return "";
  }
}

/** The TensorFlow a package's native part is linked with, as `bioflax devices --install` notes it; empty for none. */
function tensorflowOf(name) {
  const lib = join(dirname(require.resolve(`${name}/package.json`)), "lib");
  const notes = (existsSync(lib) ? readdirSync(lib) : [])
    .map((abi) => join(lib, abi, "tfjs_binding.json"))
    .find((file) => existsSync(file));
  return notes === undefined ? "" : JSON.parse(readFileSync(notes, "utf8")).tensorflow.version;
}

function findTensorflow() {
  const version = tensorflowOf("@tensorflow/tfjs-node");
  Object.assign(process.env, {
    BIOFLAX_TENSORFLOW: version,
    BIOFLAX_TENSORFLOW_GPU: tensorflowOf("@tensorflow/tfjs-node-gpu"),
    // Its log would stand between the tests'.
    TF_CPP_MIN_LOG_LEVEL: process.env.TF_CPP_MIN_LOG_LEVEL ?? "3",
  });
  // On stderr: stdout is for results, which a program may read (`--json`).
  if (version === "")
    console.error(
      "\nThe tests on TensorFlow's library are skipped: `pnpm bioflax devices --install tensorflow` makes its native part.",
    );
}

export default function findNative() {
  findTensorflow();
  findAdapter();
}

function findAdapter() {
  // Drivers somebody has named are the only ones tried: VK_DRIVER_FILES=/dev/null makes this a machine without any.
  const choices = [
    {},
    ...(process.env.VK_DRIVER_FILES === undefined && existsSync(SOFTWARE_DRIVER)
      ? [{ VK_DRIVER_FILES: SOFTWARE_DRIVER }]
      : []),
  ];
  for (const env of choices) {
    const name = adapterName(env);
    if (name === "") continue;
    Object.assign(process.env, env, { BIOFLAX_ADAPTER: name });
    return;
  }
  process.env.BIOFLAX_ADAPTER = "";
  // On stderr: stdout is for results, which a program may read (`--json`).
  console.error(
    "\nThe tests of WebGPU are skipped: no GPU here, and no driver that imitates one (Debian: apt install chromium libvulkan1).",
  );
}
