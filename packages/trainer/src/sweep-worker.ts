// A process of a sweep that trains runs, started by `sweep/worker/start-worker.ts`.
import { processChannel } from "./sweep/worker/process-channel";
import { work } from "./sweep/worker/work";

work(processChannel()).then(() => process.exit());
