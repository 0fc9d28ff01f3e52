import { settingsOfLayers } from "../learning-settings";

/** The feedback weights: which of them there are, and how they mirror the kernels. Core knows the defaults. */
export const feedback = settingsOfLayers("Feedback");
