/** What is wanted of a metric that runs are compared by: less of it, or more. */
export const goals = ["min", "max"] as const;

/** One of them. */
export type Goal = (typeof goals)[number];

/** Whether something that was given is one. */
export const isGoal = (value: unknown): value is Goal => goals.includes(value as Goal);
