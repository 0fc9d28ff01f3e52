import { expect, test } from "@jest/globals";
import { encodeCompileOptions } from "./compile-options";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

test("options are the bytes that protocol buffers have", () => {
  // Field 3, of 12 bytes: field 4 is 1, field 5 is 1, field 9 of 6 bytes: fields 1 and 2 are 1, field 3 has field 1,
  // the device.
  expect(hex(encodeCompileOptions(0, {}))).toBe("1a0e200128014a0808011001" + "1a020800");
  expect(hex(encodeCompileOptions(300, {}))).toBe("1a0f200128014a0908011001" + "1a0308ac02");
});

test.each<[string | boolean | number, string]>([
  ["on", "0a026f6e"],
  [true, "1001"],
  [-1, "18ffffffffffffffffff01"],
  [0.5, "21000000000000e03f"],
])("XLA's own option %p is an entry of a map", (value, expected) => {
  const bytes = hex(encodeCompileOptions(0, { xlaOptions: { ab: value } }));
  const length = (n: number) => n.toString(16).padStart(2, "0");
  const override = `12${length(expected.length / 2)}${expected}`;
  const entry = `0a026162${override}`;
  expect(bytes.slice(2 * 16)).toBe(`3a${length(entry.length / 2)}${entry}`);
});
