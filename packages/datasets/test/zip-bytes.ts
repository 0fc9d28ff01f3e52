import { crc32, deflateRawSync } from "node:zlib";

/** A ZIP archive as NumPy writes it, from the format's description: sizes in a ZIP64 field beside each file, too. */
export function zipBytes(
  files: Readonly<Record<string, Uint8Array>>,
  { compressed = false } = {},
): Uint8Array {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [path, bytes] of Object.entries(files)) {
    const name = Buffer.from(path, "latin1");
    const data = compressed ? deflateRawSync(bytes) : bytes;
    // Version, flags, method, time and date, checksum, both sizes: the same in both headers.
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(45, 0);
    shared.writeUInt16LE(compressed ? 8 : 0, 4);
    shared.writeUInt16LE(0x21, 8);
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(bytes.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const zip64 = Buffer.alloc(20);
    zip64.writeUInt16LE(1, 0);
    zip64.writeUInt16LE(16, 2);
    zip64.writeBigUInt64LE(BigInt(bytes.length), 4);
    zip64.writeBigUInt64LE(BigInt(data.length), 12);
    const local = Buffer.from(shared);
    local.fill(255, 14, 22);
    local.writeUInt16LE(zip64.length, 24);
    const parts = [Buffer.from("PK\x03\x04", "latin1"), local, name, zip64, data];
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from("PK\x01\x02\x2d\x03", "latin1"), shared, rest, name]));
    const whole = Buffer.concat(parts);
    locals.push(whole);
    offset += whole.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Uint8Array.from(Buffer.concat([...locals, directory, end]));
}
