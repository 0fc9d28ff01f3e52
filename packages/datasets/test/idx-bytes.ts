/** An idx file of unsigned bytes, written from the format's description rather than with the parser's code. */
export function idxBytes(shape: readonly number[], values: Iterable<number>): Uint8Array {
  const header = [
    0,
    0,
    8,
    shape.length,
    ...shape.flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]),
  ];
  return Uint8Array.from([...header, ...values]);
}
