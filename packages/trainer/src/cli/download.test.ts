import { EventEmitter } from "node:events";
import { setTimeout } from "node:timers/promises";
import type { DownloadOptions } from "@bioflax/datasets";
import { beforeEach, expect, jest, test } from "@jest/globals";
import { run } from "./run";

/** What loading data does, in place of a download. */
let load: (options: DownloadOptions) => Promise<never>;
jest.mock("../experiment/data", () => ({
  datasetOf: (_config: unknown, options: DownloadOptions) => load(options),
}));

const signals = new EventEmitter();
let stderr = "";
beforeEach(() => {
  stderr = "";
});

function train(isTTY: boolean) {
  const output = {
    isTTY,
    columns: 100,
    write(text: string) {
      stderr += text;
    },
  };
  return run(["train", "--dataset", "cifar-10"], {
    stdout: { write() {} },
    stderr: output,
    env: { NO_COLOR: "1" },
    signals,
    exit() {},
    startedAt: 0,
  });
}

/** Two files arrive, as far as that, and then Ctrl-C. */
const interrupted = async ({ onDownload, signal }: DownloadOptions) => {
  onDownload?.({ name: "a.gz", received: 0, total: 2_000_000 });
  onDownload?.({ name: "a.gz", received: 1_000_000, total: 2_000_000 });
  onDownload?.({ name: "b.gz", received: 0, total: 170_000_000 });
  // The bar is not drawn more often than one can look.
  await setTimeout(150);
  onDownload?.({ name: "b.gz", received: 45_600_000, total: 170_000_000 });
  const stopped = new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason));
  });
  signals.emit("SIGINT");
  return stopped;
};

test("a download is announced, a line a file, and Ctrl-C ends it with status 130 and no error", async () => {
  load = interrupted;
  expect(await train(false)).toBe(130);
  expect(stderr).toMatch(
    /^downloading a\.gz, 2\.0 MB\ndownloading b\.gz, 170\.0 MB\n\nstopping after .*\n$/,
  );
  expect(signals.listenerCount("SIGINT")).toBe(0);
});

test("a terminal shows how far it is", async () => {
  load = interrupted;
  expect(await train(true)).toBe(130);
  expect(stderr).toMatch(/Kdata ━+─+ +26 % {2}45\.6 MB/);
  expect(stderr.endsWith("\x1b[2K")).toBe(true);
});

test("an error after Ctrl-C is still told", async () => {
  load = async () => {
    signals.emit("SIGINT");
    throw new TypeError("x is not a function");
  };
  expect(await train(false)).toBe(1);
  expect(stderr).toContain("x is not a function");
});
