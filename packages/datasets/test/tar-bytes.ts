/** Writes text into a header at a place. */
function put(header: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) header[at + i] = text.charCodeAt(i);
}

/** A member of a tar archive, written from the format's description rather than with the reader's code. */
export function tarMember(
  path: string,
  bytes: Uint8Array,
  { type = "0", prefix = "", gnu = false } = {},
): Uint8Array {
  const member = new Uint8Array(512 + Math.ceil(bytes.length / 512) * 512);
  put(member, 0, path);
  put(member, 100, "0000644");
  put(member, 124, `${bytes.length.toString(8).padStart(11, "0")} `);
  put(member, 136, "00000000000 ");
  put(member, 148, "        ");
  put(member, 156, type);
  put(member, 257, gnu ? "ustar  " : "ustar\0" + "00");
  put(member, 345, prefix);
  const sum = member.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  put(member, 148, `${sum.toString(8).padStart(6, "0")}\0 `);
  member.set(bytes, 512);
  return member;
}

/** An archive of members, with the two blocks of zeros at its end. */
export function tarBytes(...members: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat([...members, new Uint8Array(1024)]));
}
