/** Whether this machine has the lowest byte of a number first, as files have it. */
const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Turns the bytes of 32-bit numbers from this machine's order into a file's, little-endian, or back; in place. */
export function swapUnlessLittle(bytes: Uint8Array): Uint8Array {
  return isLittle ? bytes : swap32(bytes);
}

/** Turns round the bytes of each 32-bit number, in place. */
export function swap32(bytes: Uint8Array): Uint8Array {
  for (let at = 0; at < bytes.length; at += 4) bytes.subarray(at, at + 4).reverse();
  return bytes;
}
