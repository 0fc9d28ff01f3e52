import koffi from "koffi";
import { type Arguments, argumentsLayout, type FunctionName, offsetOf } from "./c-interface";
import { readText } from "./memory";
import { errorCodeOf, PjrtError } from "./pjrt-error";

/** How many calls may wait on threads of their own at a time; the others queue. */
const THREADS = 32;
/** XLA's compiler is deeply recursive: koffi's default for calls on threads, 128 KiB, is far too small for it. */
const STACK = 8 * 2 ** 20;

/**
 * Gives calls a stack as large as that of a program's main thread. Only possible before anything is loaded by koffi.
 */
export function enlargeStacks(): void {
  const { async_stack_size = 0, sync_stack_size = 0 } = koffi.config();
  if (async_stack_size >= STACK && sync_stack_size >= STACK) return;
  koffi.config({ ...koffi.config(), async_stack_size: STACK, sync_stack_size: STACK });
}

type NativeFunction = ReturnType<typeof koffi.load>["func"] extends (definition: string) => infer F
  ? F
  : never;

/** Calls of a plugin's functions: its errors are thrown, and what waits does so on a thread of koffi's. */
export class NativeCalls {
  readonly #functions = new Map<FunctionName, NativeFunction>();
  #running = 0;
  readonly #queue: (() => void)[] = [];

  /** @param api what the plugin's `GetPjrtApi` returns. */
  constructor(private readonly api: bigint) {}

  /** Calls a function. @returns its arguments, with what it wrote there. @throws PjrtError */
  call<F extends FunctionName>(name: F, given: Partial<Arguments<F>> = {}): Arguments<F> {
    const all = { ...argumentsLayout(name).blank, ...given } as unknown as Arguments<F>;
    this.#check(this.#function(name)(all), name);
    return all;
  }

  /** Calls a function on another thread. @throws PjrtError */
  async callOnThread<F extends FunctionName>(
    name: F,
    given: Partial<Arguments<F>> = {},
  ): Promise<Arguments<F>> {
    const all = { ...argumentsLayout(name).blank, ...given } as unknown as Arguments<F>;
    if (this.#running >= THREADS) await new Promise<void>((go) => this.#queue.push(go));
    this.#running++;
    try {
      const error = await new Promise<bigint | null>((resolve, reject) =>
        this.#function(name).async(all, (failed: Error | null, error: bigint | null) =>
          failed ? reject(failed) : resolve(error),
        ),
      );
      this.#check(error, name);
      return all;
    } finally {
      this.#running--;
      this.#queue.shift()?.();
    }
  }

  /** Calls a function that gives a text. */
  text<
    F extends
      | "Client_PlatformName"
      | "Client_PlatformVersion"
      | "DeviceDescription_Kind"
      | "DeviceDescription_DebugString"
      | "DeviceDescription_ToString"
      | "Executable_Name",
  >(name: F, given: Partial<Arguments<F>>): string {
    return readText(this.call(name, given));
  }

  /**
   * Waits for an event, without a thread where it is there already, and frees it. @throws PjrtError what went wrong.
   */
  async settle(event: bigint | null): Promise<void> {
    if (event === null) return;
    try {
      if (this.call("Event_IsReady", { event }).isReady) this.call("Event_Await", { event });
      else await this.callOnThread("Event_Await", { event });
    } finally {
      this.call("Event_Destroy", { event });
    }
  }

  #function(name: FunctionName): NativeFunction {
    const known = this.#functions.get(name);
    if (known !== undefined) return known;
    const { type } = argumentsLayout(name);
    const prototype = koffi.proto("void *", [koffi.inout(koffi.pointer(type))] as never);
    const made = koffi.decode(koffi.decode(this.api, offsetOf(name), "void *"), prototype);
    this.#functions.set(name, made);
    return made;
  }

  #check(error: bigint | null, name: FunctionName): void {
    if (error === null) return;
    const words = readText(this.#tell("Error_Message", { error }));
    // The code's own failure would be an error again, which there is nobody to tell.
    const { code } = this.#tell("Error_GetCode", { error });
    this.#tell("Error_Destroy", { error });
    throw new PjrtError(errorCodeOf(code), words, `PJRT_${name}`);
  }

  /** Calls one of the functions about errors, whose results are not looked at. */
  #tell<F extends FunctionName>(name: F, given: Partial<Arguments<F>>): Arguments<F> {
    const all = { ...argumentsLayout(name).blank, ...given } as unknown as Arguments<F>;
    this.#function(name)(all);
    return all;
  }
}
