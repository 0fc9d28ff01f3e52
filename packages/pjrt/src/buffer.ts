import koffi from "koffi";
import { nativeStruct } from "./c-interface";
import type { PjrtDevice } from "./device";
import {
  checkArray,
  type ElementType,
  type HostArray,
  type HostArrayOf,
  hostArray,
  typeOfNumber,
} from "./element-type";
import { closeWithOwner, Handle } from "./handle";
import { type Pin, pinned } from "./memory";
import type { NativeCalls } from "./native-calls";

/** What buffers and executables need of the client they belong to. */
export interface Owner {
  readonly calls: NativeCalls;
  readonly handle: Handle;
  deviceAt(pointer: bigint): PjrtDevice;
}

const PJRT_Buffer_MemoryLayout_Type_Tiled = 0;

/**
 * An array on a device.
 *
 * It takes the device's memory until it is destroyed, donated to a call or collected.
 */
export class PjrtBuffer {
  readonly #owner: Owner;
  readonly #handle: Handle;
  #type: ElementType | undefined;
  #shape: readonly number[] | undefined;

  /** @internal */
  constructor(owner: Owner, pointer: bigint) {
    const { calls } = owner;
    this.#owner = owner;
    this.#handle = new Handle(
      "buffer",
      pointer,
      (buffer) => calls.call("Buffer_Destroy", { buffer }),
      owner.handle,
    );
    closeWithOwner(this, this.#handle);
  }

  /** @internal */
  static handleOf(buffer: PjrtBuffer): Handle {
    return buffer.#handle;
  }

  /** @internal */
  static ownerOf(buffer: PjrtBuffer): Owner {
    return buffer.#owner;
  }

  /** The type of its elements. @throws RangeError for those without a typed array. */
  get type(): ElementType {
    this.#type ??= typeOfNumber(
      this.#owner.calls.call("Buffer_ElementType", { buffer: this.#handle.pointer }).type,
    );
    return this.#type;
  }

  /** The size of each of its axes; none for a scalar. */
  get shape(): readonly number[] {
    if (this.#shape === undefined) {
      const { dimensions, rank } = this.#owner.calls.call("Buffer_Dimensions", {
        buffer: this.#handle.pointer,
      });
      this.#shape = rank === 0 ? [] : Array.from(koffi.decode(dimensions, "int64_t", rank), Number);
    }
    return this.#shape;
  }

  /** How many elements it has. */
  get length(): number {
    return this.shape.reduce((product, size) => product * size, 1);
  }

  /** Where it is. */
  get device(): PjrtDevice {
    const { device } = this.#owner.calls.call("Buffer_Device", { buffer: this.#handle.pointer });
    return this.#owner.deviceAt(device as bigint);
  }

  /** Whether its memory is gone: it was donated to a call, or destroyed. */
  get isDeleted(): boolean {
    if (this.#handle.isClosed) return true;
    return this.#owner.calls.call("Buffer_IsDeleted", { buffer: this.#handle.pointer }).isDeleted;
  }

  /**
   * Copies it here, in row-major order, once what computes it is done.
   *
   * @param into where to; a new array when left out. Only the first {@link length} elements are written.
   * @returns the array, of the type that holds {@link type}: `Float32Array` for f32, `Uint16Array` for bf16.
   * @throws PjrtError when the computation failed, or the buffer was donated.
   */
  async toHost<E extends ElementType = ElementType>(
    into?: HostArrayOf<E>,
  ): Promise<HostArrayOf<E>> {
    const { calls, handle } = this.#owner;
    const copy = async (pin: Pin) => {
      const { type, shape, length } = this;
      const data: HostArray = into ?? hostArray(type, length);
      checkArray(data, type);
      if (data.length < length)
        throw new RangeError(
          `A buffer of shape [${shape}] has ${length} elements; the array to copy them into has ${data.length}.`,
        );
      const minorToMajor = BigInt64Array.from(shape, (_, axis) => BigInt(shape.length - 1 - axis));
      const layout = nativeStruct("MemoryLayout", {
        tiledSize: 56,
        minorToMajor: pin(minorToMajor),
        rank: shape.length,
        kind: PJRT_Buffer_MemoryLayout_Type_Tiled,
      });
      const { event } = calls.call("Buffer_ToHostBuffer", {
        buffer: this.#handle.pointer,
        layout: pin(layout),
        data: pin(data),
        length: length * data.BYTES_PER_ELEMENT,
      });
      await calls.settle(event);
      return data as HostArrayOf<E>;
    };
    return Handle.using([handle, this.#handle], () => pinned(copy));
  }

  /** Frees its memory; a call that uses it ends first. A second time does nothing. */
  destroy(): void {
    this.#handle.close();
  }

  [Symbol.dispose](): void {
    this.destroy();
  }
}
