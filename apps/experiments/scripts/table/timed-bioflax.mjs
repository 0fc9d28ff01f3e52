import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { bioflaxProgram } from "./run-bioflax.mjs";

/** Runs a command, then prints what the processors spent on it and the processes that it started. */
const script = '"$@" > /dev/null || exit; times';

/** Seconds of a time as a shell prints it, 1m2.5s. */
const secondsOf = ([, minutes, seconds]) => 60 * Number(minutes) + Number(seconds);

/**
 * Runs the command `bioflax` and takes its time.
 *
 * @param cwd the folder it runs in.
 * @returns its seconds by the clock, and those of the processors, of all its processes together.
 * @throws Error when it ends with another status than 0.
 */
export async function timedBioflax(args, cwd) {
  const start = performance.now();
  const { stdout } = await promisify(execFile)(
    ...["sh", ["-c", script, "sh", process.execPath, bioflaxProgram(), ...args], { cwd }],
  );
  const clock = (performance.now() - start) / 1000;
  // The shell's own times, then those of its children: of programs and of the system.
  const [, , ...ofChildren] = [...stdout.matchAll(/(\d+)m([\d.]+)s/g)].map(secondsOf);
  return { clock, processor: ofChildren.reduce((total, seconds) => total + seconds, 0) };
}
