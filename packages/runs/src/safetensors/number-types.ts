import { float16At } from "@bioflax/core";
import { swapUnlessLittle } from "./byte-order";

/** A type of number that tensors of a file may have. */
export interface NumberType {
  /** Bytes of one number. */
  readonly bytes: number;
  /** The numbers of a file's bytes, little-endian, each as the nearest float32. */
  decode(bytes: Uint8Array): Float32Array;
}

type Read = (view: DataView, at: number) => number;

function numberType(bytes: number, read: Read): NumberType {
  return {
    bytes,
    decode(data) {
      const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
      return Float32Array.from({ length: data.byteLength / bytes }, (_, i) =>
        read(view, i * bytes),
      );
    },
  };
}

/** Bit for bit: NaN has many patterns, and a checkpoint's digest is of all of them. */
const float32: NumberType = {
  bytes: 4,
  decode(data) {
    const copy = Uint8Array.from(data);
    swapUnlessLittle(copy);
    return new Float32Array(copy.buffer);
  },
};

/** The types of floating-point numbers by the names that .safetensors files have for them. */
export const numberTypes: Readonly<Record<string, NumberType>> = {
  F32: float32,
  F16: numberType(2, (view, at) => float16At(view, at, true)),
  // The upper half of a float32.
  BF16: numberType(2, (view, at) => {
    upperHalf.setUint16(0, view.getUint16(at, true));
    return upperHalf.getFloat32(0);
  }),
  F64: numberType(8, (view, at) => view.getFloat64(at, true)),
};

const upperHalf = new DataView(new ArrayBuffer(4));
