/**
 * Averages over Gaussian variables of the products that the order parameters' equations are made of, for g(x) =
 * erf(x/√2) (Saad & Solla 1995, Phys. Rev. E 52:4225, whose I₂, I₃ and I₄ they are).
 *
 * All come from two rules. First, E[g(c) g(d)] = 2/π asin(C_cd / √((1 + C_cc)(1 + C_dd))), and by it E[b g(c)] = √(2/π)
 * C_bc / √(1 + C_cc). Second, g′(a) = √(2/π) e^(−a²/2), so an average with g′(a) is, but for a factor, one over other
 * Gaussian variables: those whose covariance is C − C_·a C_a· / (1 + C_aa).
 */

/** The variables' covariance matrix. */
export type Covariance = readonly (readonly number[])[];

const entry = (covariance: Covariance, a: number, b: number): number =>
  covariance[a]?.[b] as number;

/** √(2/π) */
const SLOPE = Math.sqrt(2 / Math.PI);

/** The factor and the covariance with which E[g′(a) f] is factor · E[f]. */
export function weightedBySlope(covariance: Covariance, a: number) {
  const scale = 1 + entry(covariance, a, a);
  return {
    factor: SLOPE / Math.sqrt(scale),
    covariance: covariance.map((row, i) =>
      row.map((value, j) => value - (entry(covariance, i, a) * entry(covariance, a, j)) / scale),
    ),
  };
}

/** E[g(c) g(d)] */
export function meanOfTwo(covariance: Covariance, c: number, d: number): number {
  const scale = (1 + entry(covariance, c, c)) * (1 + entry(covariance, d, d));
  return (2 / Math.PI) * Math.asin(entry(covariance, c, d) / Math.sqrt(scale));
}

/** E[b g(c)] */
export function meanWithOne(covariance: Covariance, b: number, c: number): number {
  return (SLOPE * entry(covariance, b, c)) / Math.sqrt(1 + entry(covariance, c, c));
}
