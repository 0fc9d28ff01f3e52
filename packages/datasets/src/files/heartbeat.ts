import { futimes } from "node:fs";
import { Worker } from "node:worker_threads";

/** Text, not a file: packed as one file or run from its sources, there is nothing to be found. */
const source = `
const { workerData } = require("node:worker_threads");
const { futimesSync } = require("node:fs");
setInterval(() => {
  const now = new Date();
  try {
    futimesSync(workerData.fd, now, now);
  } catch {}
}, workerData.every);
`;

/**
 * Touches an open file again and again, to show that this process is there.
 *
 * In a thread of its own: a process may compute for minutes without coming back to its events. By its handle: under its
 * name there may be another's file by now.
 *
 * @param fd the open file.
 * @param every so often, in milliseconds.
 * @returns stops it; the file may be closed then.
 */
export function startHeartbeat(fd: number, every: number): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const thread = new Worker(source, { eval: true, execArgv: [], workerData: { fd, every } });
  thread.unref();
  // Where no thread can be had, this one does it while it can.
  thread.on("error", () => {
    const touch = () => futimes(fd, new Date(), new Date(), () => {});
    timer = setInterval(touch, every).unref();
  });
  return async () => {
    clearInterval(timer);
    await thread.terminate();
  };
}
