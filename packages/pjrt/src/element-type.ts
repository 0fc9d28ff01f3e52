/** The typed arrays that elements are read from and into. */
export type HostArray =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

interface HostArrayConstructor {
  new (length: number): HostArray;
  readonly BYTES_PER_ELEMENT: number;
}

/**
 * Element types by StableHLO's names: the number the C interface gives them, and the typed array that holds them here.
 */
const types = {
  /** Booleans, a byte each: 0 or 1. */
  i1: { number: 1, array: Uint8Array },
  i8: { number: 2, array: Int8Array },
  i16: { number: 3, array: Int16Array },
  i32: { number: 4, array: Int32Array },
  i64: { number: 5, array: BigInt64Array },
  ui8: { number: 6, array: Uint8Array },
  ui16: { number: 7, array: Uint16Array },
  ui32: { number: 8, array: Uint32Array },
  ui64: { number: 9, array: BigUint64Array },
  /** Its 16 bits. */
  f16: { number: 10, array: Uint16Array },
  f32: { number: 11, array: Float32Array },
  f64: { number: 12, array: Float64Array },
  /** Its 16 bits: the upper half of a float32's. */
  bf16: { number: 13, array: Uint16Array },
} as const satisfies Record<string, { number: number; array: HostArrayConstructor }>;

/** The type of a buffer's elements, by StableHLO's names. */
export type ElementType = keyof typeof types;

/** The typed array that holds elements of a type. */
export type HostArrayOf<E extends ElementType> = InstanceType<(typeof types)[E]["array"]>;

/** Types as StableHLO names them. */
export const elementTypes = Object.keys(types) as readonly ElementType[];

/** The number the C interface gives a type. */
export const numberOfType = (type: ElementType): number => types[type].number;

/** A type by its number. @throws RangeError for those that have no typed array, such as complex numbers. */
export function typeOfNumber(number: number): ElementType {
  const type = elementTypes.find((name) => types[name].number === number);
  if (type === undefined)
    throw new RangeError(
      `A buffer has elements of type ${number} of PJRT_Buffer_Type, which have no typed array. ` +
        `Convert them in the program to one of ${elementTypes.join(", ")}.`,
    );
  return type;
}

/** A new typed array for elements of a type. */
export const hostArray = (type: ElementType, length: number): HostArray =>
  new types[type].array(length);

/** The type that a typed array's elements have, unless another one is named. */
export function typeOfArray(data: HostArray): ElementType {
  const type = elementTypes.find((name) => name !== "i1" && data instanceof types[name].array);
  // The only ones by two names are Uint8Array (i1, too) and Uint16Array (f16 and bf16, too).
  if (type === undefined)
    throw new TypeError(
      `Expected a typed array of numbers, got ${Object.prototype.toString.call(data)}.`,
    );
  return type;
}

/** Checks that a typed array can hold elements of a type. */
export function checkArray(data: HostArray, type: ElementType): void {
  if (!elementTypes.includes(type))
    throw new TypeError(
      `There is no element type ${JSON.stringify(type)}. Name one of ${elementTypes.join(", ")}.`,
    );
  if (!(data instanceof types[type].array))
    throw new TypeError(
      `Elements of type ${type} come in a ${types[type].array.name}, got a ${data?.constructor?.name ?? typeof data}.`,
    );
}
