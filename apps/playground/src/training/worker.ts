// Trains in a thread of its own, so that the page stays quick.
import type { Report, Request } from "./protocol";
import { Run } from "./run";

/** How long the page may go without news while networks train, in milliseconds. */
const TURN = 40;
/** How long it may show weights that are old by then. */
const VIEW = 250;
/** Alignment is measured at the first step of a turn; those after it are taken eight at a time. */
const STRIDE = 8;

const tell = (report: Report) => self.postMessage(report);

let run: Run | undefined;
let number = 0;
let isPlaying = false;
/** What is done one after another. */
let work: Promise<unknown> = Promise.resolve();

/** Does something after what is under way; what goes wrong is told to the page. */
function enqueue(task: () => Promise<void>): void {
  work = work.then(task).catch((error: Error) => {
    isPlaying = false;
    tell({ type: "failed", run: number, message: error.message });
  });
}

async function start({ settings, run: next }: Request & { type: "start" }): Promise<void> {
  await run?.dispose();
  run = undefined;
  number = next;
  run = await Run.create(settings);
  const { isClassification, stepsPerEpoch, space } = run;
  const scene = space && { scene: space.scene };
  tell({ type: "started", run: number, isClassification, stepsPerEpoch, ...scene });
  await show();
}

async function show(): Promise<void> {
  if (run !== undefined) tell({ type: "view", run: number, views: await run.view() });
}

async function advance(steps: number): Promise<void> {
  if (run !== undefined) tell({ type: "progress", run: number, rules: await run.advance(steps) });
}

/** Trains until something else is asked for. */
async function play(): Promise<void> {
  let strides = 0;
  let shown = performance.now();
  while (isPlaying) {
    const begun = performance.now();
    await advance(1 + strides * STRIDE);
    const took = performance.now() - begun;
    if (took < TURN / 2) strides += 1;
    else if (took > TURN && strides > 0) strides -= 1;
    if (performance.now() - shown > VIEW) {
      await show();
      shown = performance.now();
    }
  }
  await show();
}

self.onmessage = ({ data }: MessageEvent<Request>) => {
  const wasPlaying = isPlaying;
  isPlaying = data.type === "play";
  if (data.type === "start") enqueue(() => start(data));
  else if (data.type === "play" && !wasPlaying) enqueue(play);
  else if (data.type === "step")
    enqueue(async () => {
      await advance(1);
      await show();
    });
};
