import { DeviceError } from "@bioflax/core";
import { availableThreads } from "@bioflax/core/node";
import { probeApart } from "../../devices/list-devices";
import type { EngineDevice } from "../../devices/names";
import type { Engine, EngineFactory, EngineSetup } from "../engine";
import { loadEngine } from "../load";
import { type Candidate, findCandidates } from "./candidates";
import { type MeasuredFactory, measureStep } from "./measure";
import { KeptMeasurements, type KnownMeasurements, type Measurements } from "./measurements";

/** What was chosen, and why. */
interface Choice extends EngineDevice {
  readonly why: string;
}

/** Another than the first is taken only where it is faster by more than measurements are apart. */
const CLEARLY = 0.95;

/** What is measured, and started, of each engine: one network, or replicas. */
interface Kind<Made> {
  /** How many networks train at once. */
  readonly networks: number;
  /** What is measured of an engine. */
  readonly load: (engine: Candidate["engine"]) => Promise<MeasuredFactory>;
  readonly start: (choice: Choice) => Promise<Made>;
}

/**
 * Starts what is fastest of what is there: by a few calls of each, where there are several, which are kept in the cache
 * folder.
 *
 * @returns what was chosen, and what was started.
 */
export async function startFastest<Made>(
  setup: EngineSetup,
  { networks, load, start }: Kind<Made>,
): Promise<{ choice: Choice; made: Made }> {
  const given = { ...setup, threads: setup.threads ?? availableThreads() };
  const candidates = await findCandidates(setup.device);
  const kept = new KeptMeasurements(given, candidates, networks);
  let known = candidates.length > 1 ? await kept.read() : [0];
  try {
    if (isWhole(known)) {
      const choice = fastest(candidates, known);
      return { choice, made: await start(choice) };
    }
  } catch (error) {
    if (!(error instanceof DeviceError) || candidates.length === 1) throw error;
    // It was there when it was measured.
    known = [];
  }
  const measured = await measureRest(candidates, given, known, load);
  await kept.write(measured);
  const choice = fastest(candidates, measured);
  return { choice, made: await start(choice) };
}

/** Makes engines that are the fastest for their network, all of which are what the first was. */
export function automaticEngine(): EngineFactory {
  let chosen: Choice | undefined;
  return async (setup) => {
    if (chosen !== undefined) return start(chosen, setup);
    const { choice, made } = await startFastest(setup, {
      networks: 1,
      load: loadEngine,
      start: (choice) => start(choice, setup),
    });
    chosen = choice;
    return made;
  };
}

const isWhole = (known: KnownMeasurements): known is Measurements => !known.includes(undefined);

async function start({ engine, device, why }: Choice, setup: EngineSetup): Promise<Engine> {
  const createEngine = await loadEngine(engine);
  return Object.assign(await createEngine({ ...setup, device }), { why });
}

/** Those that are not known, one after another: side by side they would take each other's time. */
async function measureRest(
  candidates: readonly Candidate[],
  setup: EngineSetup,
  known: KnownMeasurements,
  load: Kind<unknown>["load"],
): Promise<Measurements> {
  const measured: (number | null)[] = [];
  for (const [place, candidate] of candidates.entries()) {
    const before = known[place];
    measured.push(before === undefined ? await measure(candidate, setup, load) : before);
  }
  return measured;
}

/**
 * How long a step takes; null where the device does not start, or does not train this network: what it says is heard
 * again where it is the only one that is left.
 */
async function measure(
  { engine, device }: Candidate,
  setup: EngineSetup,
  load: Kind<unknown>["load"],
): Promise<number | null> {
  // A driver may end the process it is started in.
  const report = device === "cpu" ? undefined : await probeApart(engine, device, false);
  if (report !== undefined && report.state !== "available") return null;
  try {
    return await measureStep(await load(engine), { ...setup, device });
  } catch {
    return null;
  }
}

function fastest(candidates: readonly Candidate[], measured: Measurements): Choice {
  const timeOf = (place: number) => measured[place] ?? Number.POSITIVE_INFINITY;
  let best = 0;
  for (const place of candidates.keys())
    if (timeOf(place) < timeOf(best) && timeOf(place) < CLEARLY * timeOf(0)) best = place;
  const { engine, device } = candidates[best] as Candidate;
  return { engine, device, why: reason(candidates, measured, best) };
}

function reason(candidates: readonly Candidate[], measured: Measurements, best: number): string {
  if (candidates.length === 1) return "nothing else is installed that has it";
  const times = candidates.map((_, place) => {
    const time = measured[place];
    return time == null ? "does not start" : `${Number(time.toPrecision(2))} ms`;
  });
  const others = candidates.flatMap(({ engine, device }, place) =>
    place === best ? [] : `${engine} on ${device} ${times[place]}`,
  );
  return `a step takes ${times[best]}, ${others.join(", ")}`;
}
