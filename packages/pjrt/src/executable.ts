import koffi from "koffi";
import { type Owner, PjrtBuffer } from "./buffer";
import { nativeStruct } from "./c-interface";
import { closeWithOwner, Handle } from "./handle";
import { type Pin, pinned, pointers } from "./memory";

/** How a program is executed. */
export interface ExecuteOptions {
  /** The places of inputs that are not to be donated, though the program says that they may be. */
  readonly keep?: readonly number[];
}

/** A compiled program, ready to run on the device it was compiled for. */
export class PjrtExecutable {
  readonly #owner: Owner;
  readonly #handle: Handle;
  /** Its name: the module's. */
  readonly name: string;
  /** How many buffers it returns. */
  readonly outputCount: number;

  /** @internal */
  constructor(owner: Owner, loaded: bigint) {
    const { calls } = owner;
    this.#owner = owner;
    this.#handle = new Handle(
      "executable",
      loaded,
      (executable) => calls.call("LoadedExecutable_Destroy", { executable }),
      owner.handle,
    );
    closeWithOwner(this, this.#handle);
    [this.name, this.outputCount] = this.#described((executable) => [
      calls.text("Executable_Name", { executable }),
      calls.call("Executable_NumOutputs", { executable }).count,
    ]);
  }

  /**
   * Runs the program.
   *
   * Inputs that the program aliases with outputs (`tf.aliasing_output` or `jax.buffer_donor` on its arguments) are
   * donated: their memory goes to the outputs, and they cannot be used again.
   *
   * @param inputs a buffer for each of the program's arguments, of its type and shape, in order.
   * @returns its results, in order, once they are computed.
   * @throws PjrtError in the plugin's words, for inputs that do not fit or a computation that failed.
   */
  async execute(
    inputs: readonly PjrtBuffer[],
    { keep = [] }: ExecuteOptions = {},
  ): Promise<PjrtBuffer[]> {
    const { calls, handle } = this.#owner;
    for (const input of inputs)
      if (PjrtBuffer.ownerOf(input) !== this.#owner)
        throw new Error("A buffer of another client was given. Make it with this executable's.");
    const handles = inputs.map(PjrtBuffer.handleOf);
    const run = async (pin: Pin) => {
      const inputList = pointers(handles.map(({ pointer }) => pointer));
      const outputList = new BigUint64Array(this.outputCount);
      const events = new BigUint64Array(1);
      const notDonated = BigInt64Array.from(keep, BigInt);
      const options = nativeStruct("ExecuteOptions", {
        notDonated: keep.length === 0 ? null : pin(notDonated),
        notDonatedCount: keep.length,
      });
      const inputLists = pointers([pin(inputList)]);
      const outputLists = pointers([pin(outputList)]);
      await calls.callOnThread("LoadedExecutable_Execute", {
        executable: this.#handle.pointer,
        options: pin(options),
        inputLists: pin(inputLists),
        deviceCount: 1,
        inputCount: inputs.length,
        outputLists: pin(outputLists),
        events: pin(events),
      });
      const outputs = Array.from(outputList, (pointer) => new PjrtBuffer(this.#owner, pointer));
      try {
        await calls.settle(events[0] || null);
      } catch (error) {
        for (const output of outputs) output.destroy();
        throw error;
      }
      return outputs;
    };
    return Handle.using([handle, this.#handle, ...handles], () => pinned(run));
  }

  /**
   * The compiled program as bytes, for `client.deserialize` of the same plugin, version and kind of device.
   *
   * @throws PjrtError where the plugin cannot.
   */
  serialize(): Uint8Array {
    const { calls } = this.#owner;
    return this.#described((executable) => {
      const made = calls.call("Executable_Serialize", { executable });
      const bytes = Uint8Array.from(new Uint8Array(koffi.view(made.bytes, made.length)));
      koffi.call(made.deleter, koffi.proto("void", ["void *"]), made.serialized);
      return bytes;
    });
  }

  /** Frees it; calls that run end first. A second time does nothing. */
  destroy(): void {
    this.#handle.close();
  }

  [Symbol.dispose](): void {
    this.destroy();
  }

  /** Asks about the program: the interface has a second object for that. */
  #described<R>(ask: (executable: bigint) => R): R {
    const { calls } = this.#owner;
    const { executable } = calls.call("LoadedExecutable_GetExecutable", {
      loaded: this.#handle.pointer,
    });
    try {
      return ask(executable as bigint);
    } finally {
      calls.call("Executable_Destroy", { executable });
    }
  }
}
