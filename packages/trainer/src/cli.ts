// Node opens its debugger at SIGUSR1 until somebody listens for it; after that it does what it does to any other
// program. Before anything is loaded, which a static import would be: a signal may come meanwhile.
const listener = () => {};
process.on("SIGUSR1", listener).off("SIGUSR1", listener);

const { processIo } = await import("./cli/process-io");
const { run } = await import("./cli/run");
const status = await run(process.argv.slice(2), processIo());
// A stream may have failed by now.
process.exitCode ??= status;

export {};
