import type { Examples } from "@bioflax/datasets";
import { areSame } from "./shared-data";

/** Rows of examples that are in one place. */
interface JointRows {
  readonly examples: Examples;
  readonly rows: readonly Int32Array[];
}

/** All of some examples one after another. */
function joined(all: readonly Examples[]): Examples {
  const count = all.reduce((sum, one) => sum + one.count, 0);
  const join = <Numbers extends Float32Array | Int32Array | Uint8Array>(
    arrays: readonly Numbers[],
  ): Numbers => {
    const [first] = arrays as readonly [Numbers];
    const length = arrays.reduce((sum, array) => sum + array.length, 0);
    const whole = new (first.constructor as new (length: number) => Numbers)(length);
    let at = 0;
    for (const array of arrays) {
      whole.set(array as never, at);
      at += array.length;
    }
    return whole;
  };
  const weights = all.flatMap((one) => one.weights ?? []);
  return {
    inputs: join(all.map(({ inputs }) => inputs)),
    targets: join(all.map(({ targets }) => targets)),
    ...(weights.length > 0 && { weights: join(weights) }),
    count,
  };
}

/**
 * The examples of several replicas as one source: those that all share, or, where each has its own (drawn by its seed, or
 * moved and mirrored), all of them one after another.
 */
export class JointExamples {
  readonly #known = new WeakMap<
    Examples,
    { readonly all: readonly Examples[]; readonly joint: Examples }
  >();

  /** Rows of each one's examples as rows of the joint ones. */
  of(all: readonly Examples[], rows: readonly Int32Array[]): JointRows {
    const [first] = all as readonly [Examples];
    const known = this.#known.get(first);
    const isKnown = known?.all.every((one, i) => one === all[i]) ?? false;
    const joint = isKnown && known !== undefined ? known.joint : this.#joint(all);
    this.#known.set(first, { all, joint });
    if (joint === first) return { examples: joint, rows };
    let offset = 0;
    const moved = rows.map((own, replica) => {
      const from = offset;
      offset += (all[replica] as Examples).count;
      return own.map((row) => row + from);
    });
    return { examples: joint, rows: moved };
  }

  #joint(all: readonly Examples[]): Examples {
    const [first] = all as readonly [Examples];
    return all.every((one) => one === first || areSame(one, first)) ? first : joined(all);
  }
}
