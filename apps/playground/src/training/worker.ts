// Trains in a thread of its own, so that the page stays quick.
import { sizeOf } from "@bioflax/core";
import { fetchDigits } from "./digits";
import type { Look, Report, Request } from "./protocol";
import { Run } from "./run";

/** How long the page may go without news while networks train, in milliseconds. */
const TURN = 40;
/** How long it may show weights that are old by then. */
const VIEW = 250;
/** A turn's first step may be measured; those after it are taken eight at a time. */
const STRIDE = 8;
/** How long angles may go without being measured, which takes another pass. */
const ALIGNMENT = 120;
/** How long a slow run rests before it looks whether a step is due. */
const REST = 15;

type Told<R> = R extends unknown ? Omit<R, "run"> : never;

let run: Run | undefined;
let number = 0;
let look: readonly Look[] = [];
let drawn: Uint8Array | undefined;
let stepsPerSecond = Number.POSITIVE_INFINITY;

/** What the networks are to do next: train until they are told otherwise, or come to a step. */
let isPlaying = false;
let until: number | undefined;
let strides = 0;
let lastTurn = 0;
let lastView = 0;
let lastAligned = 0;

const tell = (report: Told<Report>, transfer: Transferable[] = []) =>
  self.postMessage({ ...report, run: number }, { transfer });

async function show(): Promise<void> {
  lastView = performance.now();
  if (run !== undefined) tell({ type: "view", views: await run.view(look, drawn) });
}

async function advance(steps: number, isAligned = true): Promise<void> {
  if (run !== undefined) tell({ type: "progress", rules: await run.advance(steps, isAligned) });
}

async function start({ settings, run: next, ...given }: Request & { type: "start" }) {
  await run?.dispose();
  run = undefined;
  number = next;
  strides = 0;
  lastAligned = 0;
  run = await Run.create(settings, given);
  const { isClassification, stepsPerEpoch, kernelLayers, data, space } = run;
  // What was drawn is no example of other data.
  if (space?.scene.kind !== "images") drawn = undefined;
  tell({
    type: "started",
    ...{ isClassification, stepsPerEpoch, kernelLayers },
    inputs: sizeOf(data.inputShape),
    outputs: data.outputs,
    ...run.first,
    ...(space && { scene: space.scene }),
  });
  await show();
  // So that they are there without a network, too; what fails is said when they are asked for, and read then.
  fetchDigits(given.digits).catch(() => undefined);
}

/**
 * How many steps are to be taken now; none where a slow run is ahead of its time. The last one before it stops is taken by
 * itself, so that angles are measured there, however many steps came since they were.
 */
function stepsDue(taken: number): number {
  const left = (until ?? Number.POSITIVE_INFINITY) - taken;
  const wanted = Math.min(1 + strides * STRIDE, left > 1 ? left - 1 : left);
  if (stepsPerSecond === Number.POSITIVE_INFINITY) return wanted;
  const due = Math.floor(((performance.now() - lastTurn) / 1000) * stepsPerSecond);
  return Math.min(wanted, due, Math.max(1, Math.floor((2 * TURN * stepsPerSecond) / 1000)));
}

/** Trains for a moment. */
async function takeTurn(taken: number): Promise<void> {
  const begun = performance.now();
  const steps = stepsDue(taken);
  if (steps < 1 && (until === undefined || taken < until)) {
    await new Promise((rested) => setTimeout(rested, REST));
    return;
  }
  // What a slow machine is late by is not made up for.
  lastTurn = Math.max(lastTurn + (1000 * steps) / stepsPerSecond, begun - REST);
  const isAligned = begun - lastAligned > ALIGNMENT || taken + 1 === until;
  if (isAligned) lastAligned = begun;
  if (steps > 0) await advance(steps, isAligned);
  const took = performance.now() - begun;
  if (took < TURN / 2) strides += 1;
  else if (took > TURN && strides > 0) strides -= 1;
  if (performance.now() - lastView > VIEW) await show();
  if (until !== undefined && (run?.steps ?? 0) >= until) {
    isPlaying = false;
    await show();
    tell({ type: "arrived" });
  }
}

/** A message about layers, which are counted from 0 in code and from 1 in the page. */
const countedFromOne = (message: string) =>
  message.replace(/\b([Ll]ayers?) (\d+)/g, (_, word, layer) => `${word} ${Number(layer) + 1}`);

/** What is done one after another, before training goes on. */
const tasks: (() => Promise<void>)[] = [];
let isAtWork = false;

/** Does what is asked for, and trains while nothing is; what goes wrong is told to the page. */
async function work(): Promise<void> {
  if (isAtWork) return;
  isAtWork = true;
  while (tasks.length > 0 || (isPlaying && run !== undefined)) {
    const task = tasks.shift() ?? (() => takeTurn((run as Run).steps));
    await task().catch((error: Error) => {
      isPlaying = false;
      tell({ type: "failed", message: countedFromOne(error.message) });
    });
  }
  isAtWork = false;
}

const answers: {
  readonly [Type in Request["type"]]: (request: Request & { readonly type: Type }) => void;
} = {
  start(request) {
    isPlaying = false;
    tasks.push(() => start(request));
  },
  adjust({ settings }) {
    tasks.push(async () => run?.adjust(settings));
  },
  play(request) {
    isPlaying = true;
    until = request.until;
    lastTurn = performance.now();
  },
  speed(request) {
    stepsPerSecond = request.stepsPerSecond;
  },
  pause() {
    isPlaying = false;
    tasks.push(show);
  },
  step() {
    isPlaying = false;
    tasks.push(
      () => advance(1),
      () => show(),
    );
  },
  trace() {
    isPlaying = false;
    tasks.push(
      async () => {
        if (run !== undefined) tell({ type: "traced", traces: await run.trace() });
      },
      () => advance(1),
      () => show(),
    );
  },
  look({ at }) {
    look = at;
    tasks.push(show);
  },
  drawn({ pixels }) {
    drawn = pixels;
    tasks.push(show);
  },
  save({ rule }) {
    tasks.push(async () => {
      if (run === undefined) return;
      const bytes = await run.weightsFile(rule);
      tell({ type: "saved", name: `${run.ruleAt(rule)}.safetensors`, bytes }, [
        bytes.buffer as ArrayBuffer,
      ]);
    });
  },
};

self.onmessage = ({ data }: MessageEvent<Request>) => {
  (answers[data.type] as (request: Request) => void)(data);
  void work();
};
