import type { Story } from "./story";

/** The guided stories, in the order they are best read in. */
export const stories: readonly Story[] = [];
