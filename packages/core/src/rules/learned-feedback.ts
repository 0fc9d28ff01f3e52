import type { Rule } from "./rule";

/** Refuses sparse feedback: what learns would fill the gaps. */
export const refusesSparse: NonNullable<Rule["refuses"]> = ({ spec }) =>
  spec.feedbackConnections === undefined
    ? undefined
    : "feedbackConnections are for fixed feedback weights, and its own learn, which would fill the gaps";
