import type { Dataset, Examples, Split } from "@bioflax/datasets";

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);

/** Whether two sets of examples hold the same numbers. */
export function areSame(one: Examples, other: Examples): boolean {
  const arrays = ({ inputs, targets, weights }: Examples) => [inputs, targets, weights];
  const others = arrays(other);
  return arrays(one).every((array, i) => {
    const beside = others[i];
    if (array === undefined || beside === undefined) return array === beside;
    return array.constructor === beside.constructor && bytesOf(array).equals(bytesOf(beside));
  });
}

/** Keeps examples that several data sets have once in memory. */
export class SharedData {
  readonly #known: Examples[] = [];
  #last: Promise<unknown> = Promise.resolve();

  /** Loads a data set, after those that are being loaded, so that there is never more than one twice. */
  load(load: () => Promise<Dataset>): Promise<Dataset> {
    const next = this.#last.then(async () => this.#shared(await load()));
    this.#last = next.catch(() => {});
    return next;
  }

  #shared({ train, validation, test, ...rest }: Dataset): Dataset {
    const shared = ({ examples, indices }: Split): Split => {
      const known = this.#known.find((one) => one === examples || areSame(one, examples));
      if (known === undefined) this.#known.push(examples);
      return { examples: known ?? examples, indices };
    };
    return {
      ...rest,
      train: shared(train),
      ...(validation && { validation: shared(validation) }),
      test: shared(test),
    };
  }
}
