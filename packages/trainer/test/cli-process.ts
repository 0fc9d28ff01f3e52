import { processIo } from "../src/cli/process-io";
import { run } from "../src/cli/run";

const io = processIo();
run(JSON.parse(process.argv[1] as string), io).then((status) => {
  process.exitCode ??= status;
});
