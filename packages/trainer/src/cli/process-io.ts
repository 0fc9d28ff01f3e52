import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { BioflaxError } from "@bioflax/core";
import { exitStatus, type Io, type Output } from "./io";

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
};

function unprintable(error: unknown): BioflaxError {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return new BioflaxError(
    `standard output: expected to be able to write it, but ${reasons[code] ?? message}. Send it somewhere else; nothing else is lost.`,
    { cause: error },
  );
}

/** Writes text whole: Node's own stream of a file takes what a disk that runs full has left out for written. */
function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

/**
 * A stream of this process.
 *
 * @param onFailure told what went wrong: what it throws where that was the writing of a file. A pipe tells later.
 */
function output(
  stream: NodeJS.WriteStream,
  fd: number,
  onFailure: (error: unknown, later: boolean) => void,
): Output {
  // A terminal, a pipe and a socket are sockets to Node. (To ask the system, by fstatSync, would have Node 20 take
  // links of modules for folders from then on.)
  const isFile = !(stream instanceof Socket);
  stream.on("error", (error) => onFailure(error, true));
  return {
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.columns;
    },
    write(text) {
      try {
        if (isFile) writeWhole(fd, text);
        else stream.write(text);
      } catch (error) {
        onFailure(error, false);
      }
    },
  };
}

/** The streams, the environment and the signals of this process. */
export function processIo(): Io {
  const stderr = output(process.stderr, 2, () => {});
  return {
    stdout: output(process.stdout, 1, (error, later) => {
      if (!later) throw unprintable(error);
      // Whoever reads our output may stop reading (`| head`); a run goes on and saves what it has.
      if ((error as NodeJS.ErrnoException).code === "EPIPE") return;
      process.exitCode = exitStatus.failed;
      stderr.write(`error: ${unprintable(error).message}\n`);
    }),
    stderr,
    // Asked for only where it is read: to touch it opens it.
    get stdin() {
      return process.stdin;
    },
    env: process.env,
    signals: process,
    exit: (code) => process.exit(code),
    command: [process.execPath, process.argv[1] ?? ""],
    startedAt: 0,
  };
}
