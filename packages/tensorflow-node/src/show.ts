import type { Installation, Removed } from "./install";

/** What an installation did, in words. */
export function showInstallation({
  package: { name, version },
  addon,
  tensorflow,
  compiler,
  proof,
  wasInstalled,
}: Installation): string {
  const cuda = tensorflow.cuda === undefined ? "" : `, built for CUDA ${tensorflow.cuda}`;
  const [first, last] = proof.losses.map((loss) => loss.toFixed(3));
  const lines = [
    `${name} ${version} ${wasInstalled ? "was installed already, and runs" : "runs"} on TensorFlow ${proof.tensorflow}${cuda}, on ${proof.isOnGpu ? "a GPU" : "the processor"}.`,
    `  native part  ${addon.file}`,
    `  TensorFlow   ${tensorflow.folder}`,
    `  compiler     ${compiler}`,
    `  proof        a small network trained: loss ${first} → ${last}, ${(100 * proof.accuracy).toFixed(0)} % right`,
  ];
  if (tensorflow.cuda !== undefined && !proof.isOnGpu)
    lines.push(
      "  no GPU       TensorFlow says:",
      ...proof.aboutGpus.map((line) => `               ${line}`),
    );
  if (wasInstalled) lines.push("  anew         --reinstall compiles it again");
  return `${lines.join("\n")}\n`;
}

/** What an uninstallation removed, in words. */
export function showRemoved({ package: { name, version }, addon, tensorflow }: Removed): string {
  if (!addon) return `${name} ${version} has no native part that was installed from here.\n`;
  const library = tensorflow === undefined ? "" : ` and TensorFlow (${tensorflow})`;
  return `Removed the native part of ${name} ${version}${library}.\n`;
}
