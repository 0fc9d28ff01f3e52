import { processIo } from "./cli/process-io";
import { run } from "./cli/run";

// Node opens its debugger at SIGUSR1 until somebody listens for it; after that it does what it does to any other program.
const listener = () => {};
process.on("SIGUSR1", listener).off("SIGUSR1", listener);

const status = await run(process.argv.slice(2), processIo());
// A stream may have failed by now.
process.exitCode ??= status;
