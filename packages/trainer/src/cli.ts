import { run } from "./cli/run";

// Whoever reads our output may stop reading (`| head`); a run goes on and saves what it has.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  // Asked for only where it is read: to touch it opens it.
  get stdin() {
    return process.stdin;
  },
  env: process.env,
  signals: process,
  exit: (code) => process.exit(code),
  startedAt: 0,
});
