/** At which steps alignment is measured, before their update. */
export interface AlignmentSteps {
  /** On how many of the first steps; 0 when left out. */
  readonly alignmentBatches?: number;
  /**
   * In place of the first ones, at every step whose number is a multiple of this, counted from 0 over all steps that
   * have been taken since training began.
   */
  readonly alignEvery?: number | undefined;
}

/**
 * How many steps come before the next one that is measured: 0 where it is the next.
 *
 * @param steps how many were taken in this call, and how many in all.
 */
export function stepsToAlignment(
  { alignmentBatches = 0, alignEvery }: AlignmentSteps,
  steps: { readonly here: number; readonly inAll: number },
): number {
  if (alignEvery === undefined) return steps.here < alignmentBatches ? 0 : Number.POSITIVE_INFINITY;
  return (alignEvery - (steps.inAll % alignEvery)) % alignEvery;
}
