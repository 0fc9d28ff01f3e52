/** Which runs of a sweep train as replicas of one another: those that gain by it, all that can, or none. */
export const replicaChoices = ["auto", "always", "never"] as const;

/** One of them. */
export type ReplicaChoice = (typeof replicaChoices)[number];
