import type { CommandConfig } from "./schema";

/** How errors call a setting: with its place, as it was written there. */
export type Label = (key: keyof CommandConfig) => string;
