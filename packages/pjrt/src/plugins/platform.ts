import type { Machine } from "@bioflax/wheels";
import { PluginError } from "./plugin-error";

/** @throws PluginError where no plugin can run, saying why. */
export function requirePlatform({
  platform,
  arch,
}: Pick<Machine, "platform" | "arch"> = process): void {
  if (platform === "win32")
    throw new PluginError({
      fault: "platform",
      reason: "On Windows there are no PJRT plugins: nobody builds them for it.",
      remedy: "Use Linux in WSL 2, where NVIDIA's GPUs work too.",
    });
  // The layouts of structs are those of 64-bit processors.
  const isKnown =
    (platform === "linux" || platform === "darwin") && (arch === "x64" || arch === "arm64");
  if (!isKnown)
    throw new PluginError({
      fault: "platform",
      reason: `There are no PJRT plugins for ${platform} on ${arch}.`,
      remedy: "They are made for Linux on x64 and arm64, and for macOS on Apple's processors.",
    });
}
