import koffi from "koffi";
import { type Owner, PjrtBuffer } from "./buffer";
import { nativeStruct } from "./c-interface";
import { type CompileOptions, encodeCompileOptions } from "./compile-options";
import { type PjrtDevice, readDevice } from "./device";
import {
  checkArray,
  type ElementType,
  type HostArray,
  numberOfType,
  typeOfArray,
} from "./element-type";
import { PjrtExecutable } from "./executable";
import { closeWithOwner, Handle } from "./handle";
import { type Pin, pinned, returnFreedMemory } from "./memory";
import type { NativeCalls } from "./native-calls";

/** Which device something is for. */
export interface OnDevice {
  /** One of the client's {@link PjrtClient.devices}; the first addressable one when left out. */
  readonly device?: PjrtDevice;
}

/** What a buffer is made as. */
export interface BufferOptions extends OnDevice {
  /** The size of each axis, in row-major order; `[data.length]` when left out, `[]` for a scalar. */
  readonly shape?: readonly number[];
  /**
   * The type of its elements, where the array's own is not meant: i1 for a `Uint8Array`, f16 or bf16 for a
   * `Uint16Array`.
   */
  readonly type?: ElementType;
}

const PJRT_HostBufferSemantics_kImmutableUntilTransferCompletes = 1;
const MLIR = Buffer.from("mlir");

/** Clients that are open, to be closed before the process ends: their threads would outlive what they use. */
const open = new Set<Handle>();
let closesAtExit = false;

/**
 * A plugin at work: its devices, and what was put there.
 *
 * Made by {@link PjrtPlugin.createClient}. Most programs need one.
 */
export class PjrtClient {
  readonly #owner: Owner;
  readonly #devices: ReadonlyMap<bigint, PjrtDevice>;
  /** The platform, such as `cpu`, `cuda` or `tpu`. */
  readonly platformName: string;
  /** Its version, in the plugin's words: that of CUDA, for instance. */
  readonly platformVersion: string;
  /** All devices that it sees, those of other machines too. */
  readonly devices: readonly PjrtDevice[];

  /** @internal */
  constructor(calls: NativeCalls, client: bigint) {
    const handle = new Handle("client", client, (pointer) => {
      open.delete(handle);
      calls.call("Client_Destroy", { client: pointer });
    });
    open.add(handle);
    if (!closesAtExit) process.once("exit", closeAll);
    closesAtExit = true;
    this.platformName = calls.text("Client_PlatformName", { client });
    this.platformVersion = calls.text("Client_PlatformVersion", { client });
    const { devices, count } = calls.call("Client_Devices", { client });
    const found: bigint[] = count === 0 ? [] : Array.from(koffi.decode(devices, "void *", count));
    const byPointer = new Map(found.map((device) => [device, readDevice(calls, device)]));
    this.#devices = byPointer;
    this.devices = [...byPointer.values()];
    // Buffers and executables refer to it, too: a client that is only forgotten stays until they are.
    this.#owner = {
      calls,
      handle,
      deviceAt: (pointer) => byPointer.get(pointer) as PjrtDevice,
    };
    closeWithOwner(this.#owner, handle);
  }

  /**
   * Compiles a program for a device, on a thread of its own.
   *
   * @param program StableHLO: MLIR as text, or as bytecode; its function `main` is run.
   * @throws PjrtError in the compiler's words, such as where the text is wrong.
   * @example
   * const add = await client.compile(`module @add {
   *   func.func public @main(%a: tensor<2xf32>, %b: tensor<2xf32>) -> tensor<2xf32> {
   *     %sum = stablehlo.add %a, %b : tensor<2xf32>
   *     return %sum : tensor<2xf32>
   *   }
   * }`);
   */
  async compile(
    program: string | Uint8Array,
    { device, ...options }: CompileOptions & OnDevice = {},
  ): Promise<PjrtExecutable> {
    const { calls, handle } = this.#owner;
    const run = async (pin: Pin) => {
      const [{ id }] = this.#find(device);
      const code = typeof program === "string" ? Buffer.from(program) : program;
      const encoded = encodeCompileOptions(id, options);
      const struct = nativeStruct("Program", {
        code: pin(code),
        length: code.length,
        format: pin(MLIR),
        formatLength: MLIR.length,
      });
      const { executable } = await calls.callOnThread("Client_Compile", {
        client: handle.pointer,
        program: pin(struct),
        options: pin(encoded),
        optionsLength: encoded.length,
      });
      const compiled = new PjrtExecutable(this.#owner, executable as bigint);
      await returnFreedMemory();
      return compiled;
    };
    return Handle.using([handle], () => pinned(run));
  }

  /**
   * Loads a program that `executable.serialize()` gave.
   *
   * @throws PjrtError where another plugin or version made it.
   */
  async deserialize(bytes: Uint8Array): Promise<PjrtExecutable> {
    const { calls, handle } = this.#owner;
    const load = async (pin: Pin) => {
      const { executable } = await calls.callOnThread("Executable_DeserializeAndLoad", {
        client: handle.pointer,
        bytes: pin(bytes),
        length: bytes.length,
      });
      return new PjrtExecutable(this.#owner, executable as bigint);
    };
    return Handle.using([handle], () => pinned(load));
  }

  /**
   * Copies an array to a device.
   *
   * @param data its elements; not to be changed before the promise is kept.
   * @throws RangeError for a shape of another size, PjrtError where the device has no room.
   * @example
   * const x = await client.buffer(Float32Array.of(1, 2, 3, 4), { shape: [2, 2] });
   */
  async buffer(
    data: HostArray,
    { shape = [data.length], type = typeOfArray(data), device }: BufferOptions = {},
  ): Promise<PjrtBuffer> {
    checkArray(data, type);
    const size = shape.reduce((product, axis) => product * axis, 1);
    if (size !== data.length || !shape.every((axis) => Number.isSafeInteger(axis) && axis >= 0))
      throw new RangeError(
        `The shape [${shape}] has ${size} elements; the array that was given has ${data.length}.`,
      );
    const { calls, handle } = this.#owner;
    const copy = async (pin: Pin) => {
      const dimensions = BigInt64Array.from(shape, BigInt);
      const { buffer, doneWithHostBuffer } = calls.call("Client_BufferFromHostBuffer", {
        client: handle.pointer,
        data: pin(data),
        type: numberOfType(type),
        dimensions: pin(dimensions),
        rank: shape.length,
        semantics: PJRT_HostBufferSemantics_kImmutableUntilTransferCompletes,
        device: this.#find(device)[1],
      });
      const made = new PjrtBuffer(this.#owner, buffer as bigint);
      await calls.settle(doneWithHostBuffer);
      return made;
    };
    return Handle.using([handle], () => pinned(copy));
  }

  /** Frees it and all that was made of it, when the calls that run are done. A second time does nothing. */
  destroy(): void {
    this.#owner.handle.close();
  }

  [Symbol.dispose](): void {
    this.destroy();
  }

  #find(wanted: PjrtDevice | undefined): [PjrtDevice, bigint] {
    for (const [pointer, device] of this.#devices)
      if (wanted === undefined ? device.isAddressable : device === wanted) return [device, pointer];
    throw new RangeError(
      wanted === undefined
        ? `The client (${this.platformName}) has no device that this process can use.`
        : `The device ${wanted.name} is not one of this client's: ${this.devices.map(({ name }) => name).join(", ")}.`,
    );
  }
}

function closeAll(): void {
  for (const handle of open) handle.close();
}
