import type { KernelOptions, MirroringSpec, Rule } from "@bioflax/core";
import type { Config } from "../config/schema";

/** The settings of mirroring, by what core calls each. */
const mirrorSettings = {
  mirrorSteps: "steps",
  mirrorBatch: "batch",
  mirrorRate: "rate",
  mirrorDecay: "decay",
  mirrorNoise: "stddev",
} as const satisfies Partial<Record<keyof Config, keyof MirroringSpec>>;

/** The settings of mirroring that were given. */
export function givenMirrorSettings(config: Config): (keyof typeof mirrorSettings)[] {
  return (Object.keys(mirrorSettings) as (keyof typeof mirrorSettings)[]).filter(
    (key) => config[key] !== undefined,
  );
}

/** The options for feedback weights of a layer: those its rule has a use for. */
export function feedbackOptionsOf(
  config: Config,
  { hasFeedback, mirror }: Rule,
): Pick<KernelOptions, "feedbackConnections" | "mirroring"> {
  const { feedbackConnections } = config;
  const given = givenMirrorSettings(config);
  return {
    ...(hasFeedback && feedbackConnections !== undefined && { feedbackConnections }),
    ...(mirror !== undefined &&
      given.length > 0 && {
        mirroring: Object.fromEntries(given.map((key) => [mirrorSettings[key], config[key]])),
      }),
  };
}
