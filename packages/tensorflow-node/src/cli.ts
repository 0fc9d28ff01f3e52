// The command `tensorflow-node`.
import { parseArgs } from "node:util";
import { ProgressLine } from "@bioflax/wheels";
import { install, uninstall } from "./install";
import { InstallError } from "./install-error";
import { readManifest } from "./manifest";
import { findPackage, npmPackages, type Target } from "./npm-package";
import { showInstallation, showRemoved } from "./show";

const HELP = `Usage: tensorflow-node install|uninstall|status [tensorflow|tensorflow-gpu] [options]

Installs the native part of @tensorflow/tfjs-node (tensorflow, the default) or @tensorflow/tfjs-node-gpu (tensorflow-gpu) of the
project in this folder, on a current TensorFlow.

Options:
  --python <command>           a Python that has TensorFlow (default: the active environment's, else one of our own)
  --tensorflow-version <x.y.z> the version that is fetched
  --without-cuda-libraries     CUDA is on this machine already
  --reinstall                  compile it anew where the same is installed already
  -h, --help                   print help
`;

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      python: { type: "string" },
      "tensorflow-version": { type: "string" },
      "without-cuda-libraries": { type: "boolean", default: false },
      reinstall: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const [command = "", target = "tensorflow", ...rest] = positionals;
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const isKnown = ["install", "uninstall", "status"].includes(command) && target in npmPackages;
  if (!isKnown || rest.length > 0) {
    process.stderr.write(HELP);
    return 2;
  }
  if (command === "status") {
    const manifest = readManifest(findPackage(target as Target, process.cwd()));
    process.stdout.write(`${JSON.stringify(manifest ?? null, null, 2)}\n`);
    return manifest === undefined ? 1 : 0;
  }
  if (command === "uninstall") {
    process.stdout.write(showRemoved(uninstall(target as Target)));
    return 0;
  }
  const line = new ProgressLine(process.stderr);
  try {
    const done = await install(target as Target, {
      python: values.python,
      tensorflowVersion: values["tensorflow-version"],
      cudaLibraries: !values["without-cuda-libraries"],
      reinstall: values.reinstall,
      onProgress: (progress) => line.show(progress),
    });
    line.end();
    process.stdout.write(showInstallation(done));
    return 0;
  } finally {
    line.end();
  }
}

try {
  process.exitCode = await run();
} catch (error) {
  const isUsage = (error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS");
  if (!(error instanceof InstallError) && !isUsage) throw error;
  process.stderr.write(`error: ${(error as Error).message}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
