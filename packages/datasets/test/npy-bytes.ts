const writers: Readonly<
  Record<string, [number, (view: DataView, at: number, value: number, little: boolean) => void]>
> = {
  b1: [1, (view, at, value) => view.setUint8(at, value)],
  u1: [1, (view, at, value) => view.setUint8(at, value)],
  // Halves are given by their bits.
  f2: [2, (view, at, value, little) => view.setUint16(at, value, little)],
  u2: [2, (view, at, value, little) => view.setUint16(at, value, little)],
  i8: [8, (view, at, value, little) => view.setBigInt64(at, BigInt(value), little)],
  f4: [4, (view, at, value, little) => view.setFloat32(at, value, little)],
  f8: [8, (view, at, value, little) => view.setFloat64(at, value, little)],
};

/** The bytes of a `.npy` file, as NumPy writes it. */
export function npyBytes(
  type: string,
  shape: readonly number[],
  values: readonly number[],
  version: 1 | 2 = 1,
  fortran = false,
): Uint8Array {
  const shown = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dictionary = `{'descr': '${type}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${shown}, }`;
  const before = version === 1 ? 10 : 12;
  const header = `${dictionary.padEnd(64 * Math.ceil((before + dictionary.length + 1) / 64) - before - 1)}\n`;
  const [width, write] = writers[type.slice(1)] ?? [1, () => {}];
  const bytes = Buffer.alloc(before + header.length + width * values.length);
  bytes.set([0x93, ...Buffer.from("NUMPY"), version, 0]);
  if (version === 1) bytes.writeUInt16LE(header.length, 8);
  else bytes.writeUInt32LE(header.length, 8);
  bytes.write(header, before, "latin1");
  const view = new DataView(bytes.buffer, bytes.byteOffset + before + header.length);
  values.forEach((value, i) => write(view, i * width, value, type[0] !== ">"));
  return bytes;
}
