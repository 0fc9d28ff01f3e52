import { resume } from "../src/run/resume";
import { train } from "../src/run/train";

const [folder, settings] = JSON.parse(process.argv[1] as string);
// Its parent counts from here: what comes before is the compiling of these sources.
const reporter = {
  started() {
    process.stdout.write("started\n");
  },
};
const run =
  settings === undefined
    ? resume(folder, { reporter })
    : train({ ...settings, out: folder }, { reporter });
run.catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
