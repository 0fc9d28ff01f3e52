import { processIo } from "../src/cli/process-io";
import { run } from "../src/cli/run";
import { workerFromSources } from "./sweep-worker";

const io = { ...processIo(), sweepWorker: workerFromSources };
run(JSON.parse(process.argv[1] as string), io).then((status) => {
  process.exitCode ??= status;
});
