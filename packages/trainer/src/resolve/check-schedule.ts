import type { Label } from "../config/label";
import type { Config } from "../config/schema";

/** The schedules that have a use for a setting. */
const uses = {
  milestones: ["multi-step"],
  gamma: ["multi-step", "exponential"],
  finalRate: ["cosine"],
} as const satisfies Partial<Record<keyof Config, readonly Config["schedule"][]>>;

/** The settings a schedule cannot do without, and what they are. */
const needs: { readonly [S in Config["schedule"]]?: readonly [keyof typeof uses, string] } = {
  "multi-step": ["milestones", "the epochs after which the learning rate is multiplied"],
  exponential: ["gamma", "what the learning rate is multiplied by after each epoch"],
};

/** What is wrong with the settings of the learning rate's schedule, taken together: a sentence for each problem. */
export function checkSchedule(config: Config, label: Label): string[] {
  const { schedule, epochs, warmupEpochs, milestones = [], lr, finalRate = 0 } = config;
  const problems = (Object.keys(uses) as (keyof typeof uses)[]).flatMap((key) => {
    const users: readonly string[] = uses[key];
    return config[key] === undefined || users.includes(schedule)
      ? []
      : [
          `${label(key)}: expected none with the schedule ${schedule}, received ${config[key]}. ` +
            `Leave it out, or use the schedule ${users.join(" or ")}`,
        ];
  });
  const [needed, meaning] = needs[schedule] ?? [];
  if (needed !== undefined && [config[needed] ?? []].flat().length === 0)
    problems.push(
      `${label(needed)}: expected ${meaning}, with the schedule ${schedule}, received none`,
    );
  if (warmupEpochs >= epochs)
    problems.push(
      `${label("warmupEpochs")}: expected fewer than all ${epochs} epochs, received ${warmupEpochs}`,
    );
  if (
    schedule === "multi-step" &&
    milestones.some((at, i) => at <= (milestones[i - 1] ?? warmupEpochs))
  )
    problems.push(
      `${label("milestones")}: expected epochs after the warm-up of ${warmupEpochs}, each later than the one before, ` +
        `received ${milestones.join(" ")}`,
    );
  if (schedule === "cosine" && finalRate > lr)
    problems.push(
      `${label("finalRate")}: expected a rate up to the learning rate of ${lr}, from which cosine falls, received ${finalRate}`,
    );
  return problems;
}
