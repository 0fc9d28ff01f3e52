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

let trim: ReturnType<ReturnType<typeof koffi.load>["func"]> | null | undefined;

/**
 * Gives the system back what the C library keeps of memory that was freed, of which a compiler leaves tens of megabytes:
 * glibc has a call for that. Only possible once a plugin is loaded.
 */
export async function returnFreedMemory(): Promise<void> {
  if (trim === undefined)
    try {
      trim = koffi.load(null).func("int malloc_trim(size_t keep)");
    } catch {
      // Another C library.
      trim = null;
    }
  const call = trim;
  if (call !== null) await new Promise<void>((done) => call.async(0, () => done()));
}
