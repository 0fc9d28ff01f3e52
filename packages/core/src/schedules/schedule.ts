/**
 * How a learning rate goes along training: the factor that the base rate is multiplied by at a step.
 *
 * @param step how many steps have been taken before, a whole number from 0.
 */
export type Schedule = (step: number) => number;
