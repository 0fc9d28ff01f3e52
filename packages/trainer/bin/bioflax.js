#!/usr/bin/env node
// Kept in git, so that pnpm can link the command before the first build.
import("../dist/cli.js").catch((error) => {
  // So low a limit that the program itself cannot be loaded; from then on it says so by itself.
  if (error.code !== "EMFILE" && error.code !== "ENFILE") throw error;
  console.error("error: too many files are open. Raise the limit, as with ulimit -n 1024.");
  process.exitCode = 1;
});
