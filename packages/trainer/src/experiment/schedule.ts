import { schedules as registry, type ScheduleSpec } from "@bioflax/core";
import type { Config } from "../config/schema";

/** The settings of a schedule; what it cannot do without is there, or the config would have been refused. */
type Settings = Pick<
  Config,
  "schedule" | "lr" | "epochs" | "warmupEpochs" | "milestones" | "gamma" | "finalRate"
>;

/** A run's epochs in steps. */
interface Steps {
  readonly perEpoch: number;
  /** Of the warm-up, after which a schedule's own steps begin to count. */
  readonly warmup: number;
}

const schedules: {
  readonly [S in Config["schedule"]]: (settings: Settings, steps: Steps) => ScheduleSpec;
} = {
  constant: () => ({ name: "constant" }),
  "multi-step": ({ milestones = [], gamma }, { perEpoch, warmup }) => ({
    name: "multiStep",
    milestones: milestones.map((epoch) => epoch * perEpoch - warmup),
    ...(gamma !== undefined && { gamma }),
  }),
  cosine: ({ lr, finalRate = 0, epochs }, { perEpoch, warmup }) => ({
    name: "cosine",
    steps: epochs * perEpoch - warmup,
    alpha: lr === 0 ? 0 : finalRate / lr,
  }),
  exponential: ({ gamma }, { perEpoch }) => ({
    name: "exponential",
    steps: perEpoch,
    gamma: gamma as number,
    staircase: true,
  }),
};

/** What a schedule of one's own is told: its options, as settings have them; it counts steps as it likes. */
function optionsOf(settings: Settings): Readonly<Record<string, unknown>> {
  const values = settings as Readonly<Record<string, unknown>>;
  const { options } = registry.get(settings.schedule as string);
  return Object.fromEntries(
    Object.keys(options).flatMap((name) =>
      values[name] === undefined ? [] : [[name, values[name]]],
    ),
  );
}

const ownSchedule = (settings: Settings) =>
  ({ name: settings.schedule, ...optionsOf(settings) }) as unknown as ScheduleSpec;

/**
 * The schedule of a run's learning rate; undefined where it stays the same.
 *
 * @param stepsPerEpoch how many batches an epoch has, the last smaller one included.
 */
export function scheduleOf(settings: Settings, stepsPerEpoch: number): ScheduleSpec | undefined {
  const warmup = Math.floor(settings.warmupEpochs * stepsPerEpoch);
  if (settings.schedule === "constant" && warmup === 0) return undefined;
  const bundled = schedules[settings.schedule];
  const spec = bundled?.(settings, { perEpoch: stepsPerEpoch, warmup }) ?? ownSchedule(settings);
  return warmup === 0 ? spec : { ...spec, warmup: { steps: warmup } };
}

const descriptions: { readonly [S in Config["schedule"]]: (settings: Settings) => string[] } = {
  constant: () => [],
  "multi-step": ({ milestones = [], gamma = 0.1 }) => [
    `× ${gamma} after ${milestones.length === 1 ? "epoch" : "epochs"} ${milestones.join(", ")}`,
  ],
  cosine: ({ finalRate = 0 }) => [`cosine to ${finalRate}`],
  exponential: ({ gamma }) => [`× ${gamma} after each epoch`],
};

/** The learning rate of a run and how it goes, in a few words. */
export function describeRate(settings: Settings): string {
  const { lr, schedule, warmupEpochs } = settings;
  const warmup = `${warmupEpochs} ${warmupEpochs === 1 ? "epoch" : "epochs"} of warm-up`;
  return [
    `lr ${lr}`,
    ...(descriptions[schedule]?.(settings) ?? [
      [schedule, ...Object.entries(optionsOf(settings)).flat()].join(" "),
    ]),
    ...(warmupEpochs > 0 ? [warmup] : []),
  ].join(", ");
}
