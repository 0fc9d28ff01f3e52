import { BioflaxError } from "../errors";

/** MurmurHash3's finisher: spreads the bits of a 32-bit word. */
function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** FNV-1a over the characters of the text, finished with a mix. */
function hash(text: string, start: number): number {
  let h = start;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
}

/**
 * A seeded stream of random numbers: xoshiro128++ (Blackman & Vigna 2021, "Scrambled linear pseudorandom
 * number generators", ACM TOMS 47). The same seed and path give the same numbers on every machine and engine.
 */
export class Random {
  readonly #state: Uint32Array;
  #spare: number | undefined;

  /**
   * @param seed a whole number from 0 to 2⁵³ − 1.
   * @param path names the stream under the seed: streams of different paths are independent, so that
   *   `new Random(0, "layers.1.kernel")` does not depend on what else was drawn, or in which order.
   * @throws BioflaxError when the seed is not such a number.
   */
  constructor(seed: number, ...path: readonly (string | number)[]) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new BioflaxError(
        `Random: expected a seed that is a whole number from 0 to 2^53 − 1, received ${seed}.`,
      );
    }
    const key = JSON.stringify([seed, ...path]);
    this.#state = Uint32Array.from([0x811c9dc5, 0x9e3779b9, 0x7f4a7c15, 0xf39cc060], (start) =>
      hash(key, start),
    );
  }

  /** The next 32 random bits, as a whole number from 0 to 2³² − 1. */
  uint32(): number {
    const s = this.#state;
    const a = s[0] as number;
    const b = s[1] as number;
    const c = s[2] as number;
    const d = s[3] as number;
    const sum = (a + d) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + a) >>> 0;
    s[2] = c ^ a;
    s[3] = d ^ b;
    s[1] = b ^ (s[2] as number);
    s[0] = a ^ (s[3] as number);
    s[2] = (s[2] as number) ^ (b << 9);
    s[3] = ((s[3] as number) << 11) | ((s[3] as number) >>> 21);
    return result;
  }

  /** A number from [0, 1), uniformly. */
  uniform(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** A number from the standard normal distribution, by Marsaglia's polar method. */
  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const square = u * u + v * v;
      if (square > 0 && square < 1) {
        const factor = Math.sqrt((-2 * Math.log(square)) / square);
        this.#spare = v * factor;
        return u * factor;
      }
    }
  }

  /** A number from the standard normal distribution cut off at ±2, by rejection. */
  truncatedNormal(): number {
    for (;;) {
      const value = this.normal();
      if (Math.abs(value) <= 2) return value;
    }
  }

  /** A whole number from 0 to `bound` − 1, each equally likely, without modulo bias. */
  below(bound: number): number {
    for (;;) {
      const word = this.uint32();
      // Not `word % bound`, which JavaScript computes by a function of C's; as exact for numbers of 32 bits.
      const rest = word - Math.floor(word / bound) * bound;
      // Of the last, incomplete run of `bound` words none is taken.
      if (word - rest <= 0x1_0000_0000 - bound) return rest;
    }
  }

  /** The numbers 0 … n − 1 in random order (Fisher–Yates). */
  permutation(n: number): Int32Array {
    const order = new Int32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const swapped = order[i] as number;
      order[i] = order[j] as number;
      order[j] = swapped;
    }
    return order;
  }
}
