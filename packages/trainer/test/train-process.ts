import { join } from "node:path";
import { resume } from "../src/run/resume";
import { train } from "../src/run/train";
import { trainReplicas } from "../src/run/train-replicas";

const [folder, settings, seeds] = JSON.parse(process.argv[1] as string);
// Its parent counts from here: what comes before is the compiling of these sources.
const reporter = {
  started() {
    process.stdout.write("started\n");
  },
};
/** Replicas of some seeds, started or gone on with. */
const replicas = async () => {
  const inputs = seeds.map((seed: number) => ({
    ...settings,
    seed,
    out: join(folder, `seed-${seed}`),
  }));
  const outcomes = await trainReplicas(inputs, { reporterOf: () => reporter, resume: true });
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
};
const run = () => {
  if (seeds) return replicas();
  return settings === undefined
    ? resume(folder, { reporter })
    : train({ ...settings, out: folder }, { reporter });
};
run().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
