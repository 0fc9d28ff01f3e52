/** How a program is compiled. */
export interface CompileOptions {
  /**
   * XLA's own options by name, such as `{ xla_gpu_deterministic_ops: true }`. A plugin refuses what it does not know.
   * Whole numbers go as integers, others as floating point.
   */
  readonly xlaOptions?: Readonly<Record<string, string | boolean | number>>;
}

/**
 * XLA's CompileOptionsProto (xla/pjrt/proto/compile_options.proto) for one device, as bytes.
 *
 * @param device the number of the device it is compiled for.
 */
export function encodeCompileOptions(
  device: number,
  { xlaOptions = {} }: CompileOptions,
): Uint8Array {
  // DeviceAssignmentProto: replicas, computations, and for each computation the devices of its replicas.
  const assignment = [...whole(1, 1n), ...whole(2, 1n), ...nested(3, whole(1, BigInt(device)))];
  // ExecutableBuildOptionsProto: replicas, partitions, device assignment.
  const build = [...whole(4, 1n), ...whole(5, 1n), ...nested(9, assignment)];
  // A map is its entries: key and value, an OptionOverrideProto.
  const overrides = Object.entries(xlaOptions).flatMap(([name, value]) =>
    nested(7, [...text(1, name), ...nested(2, override(value))]),
  );
  return Uint8Array.from([...nested(3, build), ...overrides]);
}

function override(value: string | boolean | number): number[] {
  if (typeof value === "string") return text(1, value);
  if (typeof value === "boolean") return whole(2, value ? 1n : 0n);
  return Number.isSafeInteger(value) ? whole(3, BigInt(value)) : double(4, value);
}

// Protocol buffers: each field begins with its number and how its value is written.
const VARINT = 0;
const EIGHT_BYTES = 1;
const WITH_LENGTH = 2;

function varint(value: bigint): number[] {
  const bytes = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}
const key = (field: number, kind: number) => varint(BigInt(field * 8 + kind));
const whole = (field: number, value: bigint) => [...key(field, VARINT), ...varint(value)];
const nested = (field: number, bytes: readonly number[]) => [
  ...key(field, WITH_LENGTH),
  ...varint(BigInt(bytes.length)),
  ...bytes,
];
const text = (field: number, value: string) => nested(field, [...Buffer.from(value)]);
const double = (field: number, value: number) => [
  ...key(field, EIGHT_BYTES),
  ...new Uint8Array(Float64Array.of(value).buffer),
];
