import koffi from "koffi";

/** Memory that a native call reads or writes. */
type Memory = ArrayBufferView;

/** Gives the address of memory, which stays there until the work it was given for is done. */
export type Pin = (memory: Memory) => bigint;

/** Does work with native calls that point to memory of JavaScript's, which is not collected before it is done. */
export async function pinned<R>(work: (pin: Pin) => Promise<R>): Promise<R> {
  const kept: Memory[] = [];
  try {
    return await work((memory) => {
      kept.push(memory);
      return koffi.address(memory);
    });
  } finally {
    // Used here, and so kept until here.
    kept.length = 0;
  }
}

/** Pointers one after another, for an argument to point to. */
export const pointers = (values: readonly bigint[]): BigUint64Array => BigUint64Array.from(values);

/** A text that lies in a plugin's memory. */
export function readText({ text, length }: { text: bigint | null; length: number }): string {
  return text === null || length === 0
    ? ""
    : Buffer.from(koffi.view(text, length)).toString("utf8");
}
