import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { lastLine, type Ran, runProgram } from "@bioflax/wheels";
import { InstallError } from "./install-error";
import type { NpmPackage } from "./npm-package";

/** What training a small network with a native part came to. */
export interface ProofResult {
  /** The version that TensorFlow's library says it has. */
  readonly tensorflow: string;
  /** Whether TensorFlow found a GPU. */
  readonly isOnGpu: boolean;
  /** The loss of the first and of the last epoch. */
  readonly losses: readonly [number, number];
  /** The share classified right in the last epoch. */
  readonly accuracy: number;
}

/** A proof, and what TensorFlow said of the machine while it ran. */
export interface Proof extends ProofResult {
  /** What it said of GPUs, a line each, without times and places in its sources. */
  readonly aboutGpus: readonly string[];
}

/** How long loading and training may take; on a slow machine loading takes a minute. */
const PATIENCE = 300_000;

/** The program beside this one, where this runs from its sources in the folder of what was built. */
function program(): string {
  const beside = fileURLToPath(new URL("./proof.js", import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL("../dist/proof.js", import.meta.url));
}

/**
 * Trains a small network with a native part, in a process of its own.
 *
 * @param addon its file, in its place or not.
 * @throws InstallError when it cannot be loaded, ends its process or does not learn.
 */
export async function prove({ name, folder }: NpmPackage, addon: string): Promise<Proof> {
  const ran = await runProgram(process.execPath, [program(), folder, addon], {
    // All that TensorFlow has to say.
    env: { TF_CPP_MIN_LOG_LEVEL: "0", NODE_OPTIONS: undefined },
    timeout: PATIENCE,
  });
  const result = ran === undefined ? undefined : resultOf(ran);
  if (ran === undefined || result === undefined) {
    throw new InstallError({
      fault: "proof",
      reason: `${name} with its new native part could not train a small network (${failureOf(ran)}).`,
      remedy: "Another TensorFlow may do (--tensorflow-version, --python).",
    });
  }
  const [first, last] = result.losses;
  if (!(last < first / 2 && result.accuracy > 0.9)) {
    throw new InstallError({
      fault: "proof",
      reason: `A small network trained with the new native part of ${name} did not learn: its loss went from ${first} to ${last}.`,
      remedy: "Another TensorFlow may do (--tensorflow-version, --python).",
    });
  }
  return { ...result, aboutGpus: linesAboutGpus(ran.stderr) };
}

function resultOf({ status, stdout }: Ran): ProofResult | undefined {
  try {
    return status === 0 ? (JSON.parse(lastLine(stdout)) as ProofResult) : undefined;
  } catch {
    return undefined;
  }
}

function failureOf(ran: Ran | undefined): string {
  if (ran === undefined) return "node did not start";
  const error = ran.stderr.split("\n").findLast((line) => /^\S*Error: /.test(line));
  const said = (error ?? lastLine(ran.stderr)).replace(/^Error: /, "");
  const how = ran.signal === null ? "" : `ended by ${ran.signal}: `;
  return `${how}${said || `it ended with status ${ran.status}`}`;
}

/** What TensorFlow says of GPUs in its log. */
export function linesAboutGpus(log: string): string[] {
  const lines = log.split("\n").flatMap((line) => {
    const said = /^(?:\S+ \S+: |[IWEF]\d{4} \S+ +\d+ )?[IWEF]? ?\S+\.(?:cc|h):\d+\] (.*)$/.exec(
      line,
    )?.[1];
    return said !== undefined && /cuda|cuInit|gpu|nvidia/i.test(said) ? [said.trim()] : [];
  });
  return [...new Set(lines)];
}
