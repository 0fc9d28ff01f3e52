import { existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import koffi from "koffi";
import {
  API_MAJOR,
  nativeStruct,
  OLDEST_API_MINOR,
  readStructs,
  VERSION_OFFSET,
} from "./c-interface";
import { PjrtClient } from "./client";
import { type Pin, pinned, readText } from "./memory";
import { enlargeStacks, NativeCalls } from "./native-calls";
import { requirePlatform } from "./plugins/platform";
import { PluginError } from "./plugins/plugin-error";

/** A version of PJRT's C interface. */
export interface ApiVersion {
  readonly major: number;
  readonly minor: number;
}

/** A value that a plugin says of itself or is told. */
export type NamedValue = string | number | boolean | readonly number[];

/** A PJRT plugin: a library that compiles and runs programs on one kind of device. */
export class PjrtPlugin {
  readonly #calls: NativeCalls;
  /** The library it was loaded from. */
  readonly path: string;
  /** The version of the interface that it speaks. */
  readonly apiVersion: ApiVersion;
  /** What it says of itself, such as `stablehlo_current_version`. */
  readonly attributes: Readonly<Record<string, NamedValue>>;

  /** @internal */
  constructor(path: string, apiVersion: ApiVersion, calls: NativeCalls) {
    this.path = path;
    this.apiVersion = apiVersion;
    this.#calls = calls;
    calls.call("Plugin_Initialize");
    const { attributes, count } = calls.call("Plugin_Attributes");
    this.attributes = attributes === null ? {} : readNamedValues(attributes, count);
  }

  /**
   * Starts the plugin on its devices.
   *
   * @param options what the platform knows, such as `{ memory_fraction: 0.5, visible_devices: [0] }` of CUDA's.
   * @throws PjrtError in the plugin's words, such as where there is no such device.
   */
  async createClient(options: Readonly<Record<string, NamedValue>> = {}): Promise<PjrtClient> {
    return pinned(async (pin) => {
      const { client } = await this.#calls.callOnThread("Client_Create", {
        options: pin(namedValues(options, pin)),
        optionCount: Object.keys(options).length,
      });
      return new PjrtClient(this.#calls, client as bigint);
    });
  }
}

const loaded = new Map<string, PjrtPlugin>();

/**
 * Loads a plugin.
 *
 * @param path its library: `findPlugin(name)` for those that this package knows, or any other that has `GetPjrtApi`.
 * @returns the plugin; the same one for the same library.
 * @throws PluginError where it is not there, is none, or speaks another version of the interface.
 */
export function loadPlugin(path: string): PjrtPlugin {
  requirePlatform();
  const file = resolve(path);
  if (!existsSync(file))
    throw new PluginError({
      fault: "file",
      reason: `There is no plugin ${file}.`,
      remedy: "`npx pjrt install NAME` gets one of those that are known, and prints where it is.",
    });
  const real = realpathSync(file);
  const known = loaded.get(real);
  if (known !== undefined) return known;
  const api = apiOf(real);
  const plugin = new PjrtPlugin(real, checkVersion(api, real), new NativeCalls(api));
  loaded.set(real, plugin);
  return plugin;
}

function apiOf(file: string): bigint {
  try {
    enlargeStacks();
    keepLoaded(file);
    return koffi.load(file).func("void *GetPjrtApi()")();
  } catch (error) {
    throw new PluginError(
      {
        fault: "file",
        reason: `${file} cannot be loaded as a plugin (${(error as Error).message.trim().replace(/\.$/, "")}).`,
        remedy:
          "A plugin is a library for this operating system and processor with the function GetPjrtApi; libraries that it needs must be found, too.",
      },
      { cause: error },
    );
  }
}

/**
 * Loads a library so that it is never unloaded. Koffi unloads what it loaded when Node ends, and what plugins have the
 * C library call at its exit would then be gone.
 */
function keepLoaded(file: string): void {
  const RTLD_LAZY = 1;
  const RTLD_NODELETE = process.platform === "darwin" ? 0x80 : 0x1000;
  const dlopen = koffi.load(null).func("void *dlopen(const char *file, int flags)");
  dlopen(file, RTLD_LAZY | RTLD_NODELETE);
}

/** Whether the functions and structs of a version are those that are used here. */
export function checkApiVersion({ major, minor }: ApiVersion, file: string): void {
  if (major === API_MAJOR && minor >= OLDEST_API_MINOR) return;
  const isOlder = major < API_MAJOR || (major === API_MAJOR && minor < OLDEST_API_MINOR);
  throw new PluginError({
    fault: "version",
    reason: `${file} speaks version ${major}.${minor} of PJRT's interface; this package speaks ${API_MAJOR}.${OLDEST_API_MINOR} and later ones of ${API_MAJOR}.`,
    remedy: isOlder ? "Take a newer plugin." : "Take a newer version of this package.",
  });
}

function checkVersion(api: bigint, file: string): ApiVersion {
  const [major = -1, minor = -1]: number[] = koffi.decode(api, VERSION_OFFSET, "int", 2);
  checkApiVersion({ major, minor }, file);
  return { major, minor };
}

// The types of PJRT_NamedValue.
const STRING = 0;
const INT64 = 1;
const INT64_LIST = 2;
const FLOAT = 3;
const BOOL = 4;

function readNamedValues(pointer: bigint, count: number): Record<string, NamedValue> {
  const values: Record<string, NamedValue> = {};
  for (const one of readStructs("NamedValue", pointer, count)) {
    const bits = BigInt(one.value);
    const name = readText({ text: one.name, length: one.nameLength });
    if (one.type === STRING) values[name] = readText({ text: bits, length: one.valueLength });
    else if (one.type === INT64) values[name] = Number(bits);
    else if (one.type === INT64_LIST)
      values[name] = Array.from(koffi.decode(bits, "int64_t", one.valueLength), Number);
    else if (one.type === FLOAT)
      values[name] =
        new Float32Array(Int32Array.of(Number(BigInt.asIntN(32, bits))).buffer)[0] ?? 0;
    else if (one.type === BOOL) values[name] = (bits & 1n) === 1n;
  }
  return values;
}

/** Values as the interface has them: the structs one after another. */
function namedValues(options: Readonly<Record<string, NamedValue>>, pin: Pin): Uint8Array {
  const structs = Object.entries(options).map(([key, value]) => {
    const name = Buffer.from(key);
    const is = (type: number, bits: number | bigint, valueLength = 1) =>
      nativeStruct("NamedValue", {
        ...{ name: pin(name), nameLength: name.length },
        ...{ type, value: bits as number, valueLength },
      });
    if (typeof value === "boolean") return is(BOOL, value ? 1 : 0);
    if (typeof value === "number")
      return Number.isSafeInteger(value)
        ? is(INT64, value)
        : is(FLOAT, new Int32Array(Float32Array.of(value).buffer)[0] as number);
    const memory =
      typeof value === "string" ? Buffer.from(value) : BigInt64Array.from(value, BigInt);
    return is(typeof value === "string" ? STRING : INT64_LIST, pin(memory), memory.length);
  });
  return Buffer.concat(structs);
}
