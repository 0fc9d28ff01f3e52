/** The parts of a data set that a trained network can be shown. */
export const splitNames = ["test", "validation", "train"] as const;

/** A part of a data set. */
export type SplitName = (typeof splitNames)[number];
