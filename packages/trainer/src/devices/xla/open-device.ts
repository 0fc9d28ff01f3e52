import { cpus } from "node:os";
import { BioflaxError, DeviceError, nearest } from "@bioflax/core";
import { availableThreads } from "@bioflax/core/node";
import type { PjrtClient, PjrtPlugin } from "@bioflax/pjrt";
import type { Place } from "@bioflax/xla";
import { whyChosen } from "../why-chosen";
import { type XlaDeviceName, xlaDevice, xlaDeviceNames } from "./devices";
import { type FoundPlugin, findPluginOf, versionOf } from "./plugin";

/** A device of XLA's, started: a place for its programs. */
export interface OpenDevice extends Place {
  readonly name: XlaDeviceName;
  readonly plugin: PjrtPlugin;
  /** Set where it was chosen for being there, in half a sentence. */
  readonly why?: string;
  /** What computes, in words. */
  readonly hardware: string;
  /** Threads of the processor it was given. */
  readonly threads: number;
  /** The version of what it is made of. */
  readonly versions: Readonly<Record<string, string>>;
  /** Ends its use; the last one frees the device. */
  release(): void;
}

interface SharedClient {
  readonly client: Promise<PjrtClient>;
  users: number;
}

/** The clients in use: several networks on a GPU share one, which takes much of the GPU's memory for itself. */
const shared = new Map<string, SharedClient>();
/** What is started last: a plugin reads its number of threads from the environment when it starts. */
let starting: Promise<unknown> = Promise.resolve();

/** Starts a plugin on so many threads of the processor. */
function start(plugin: PjrtPlugin, device: XlaDeviceName, threads: number): Promise<PjrtClient> {
  const client = starting.then(() => {
    process.env.PJRT_NPROC = String(threads);
    // XLA would show one processor as four devices otherwise, with a thread each at least.
    return plugin.createClient(device === "cpu" ? { cpu_device_count: 1 } : {});
  });
  starting = client.catch(() => {});
  return client;
}

/**
 * Starts a device, or shares one that runs.
 *
 * @param name a device of XLA's, or `auto` for the fastest kind that is really there.
 * @param threads with how many threads the processor computes; all there are for this process when left out.
 * @throws DeviceError when the device is not there, saying why and what to do; BioflaxError for an unknown name.
 */
export async function openDevice(name: string, threads = availableThreads()): Promise<OpenDevice> {
  if (name === "auto") return openFastest(threads);
  if (isDevice(name)) return open(name, threads);
  const guess = nearest(name, xlaDeviceNames);
  throw new BioflaxError(
    `The engine xla has no device "${name}".${guess === undefined ? "" : ` Did you mean "${guess}"?`} It runs on: ${xlaDeviceNames.join(", ")} (or auto).`,
  );
}

const isDevice = (name: string): name is XlaDeviceName =>
  (xlaDeviceNames as readonly string[]).includes(name);

/** The first device that starts; the error of the last where none does. */
async function openFastest(threads: number): Promise<OpenDevice> {
  const passed: string[] = [];
  let refusal: DeviceError | undefined;
  for (const name of xlaDeviceNames) {
    try {
      return { ...(await open(name, threads)), why: whyChosen(passed) };
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      refusal = error;
      passed.push(name);
    }
  }
  throw refusal;
}

async function open(name: XlaDeviceName, threads: number): Promise<OpenDevice> {
  const found = await findPluginOf(name);
  const plugin = await load(name, found);
  const key = `${plugin.path} ${threads}`;
  const one = shared.get(key) ?? { client: start(plugin, name, threads), users: 0 };
  shared.set(key, one);
  one.users++;
  const release = () => {
    if (--one.users > 0) return;
    shared.delete(key);
    one.client.then(
      (client) => client.destroy(),
      () => {},
    );
  };
  try {
    const client = await one.client;
    const kinds = client.devices.flatMap(({ isAddressable, kind }) => (isAddressable ? kind : []));
    if (kinds.length === 0)
      throw notStarted(name, found, `it sees no device of ${client.platformName}`);
    const { xlaOptions } = xlaDevice(name);
    const version =
      versionOf(found) ??
      `with StableHLO ${[plugin.attributes.stablehlo_current_version].flat().join(".")}`;
    return {
      name,
      plugin,
      client,
      ...(xlaOptions !== undefined && { xlaOptions }),
      hardware: name === "cpu" ? (cpus()[0]?.model ?? "the processor") : kinds.join(", "),
      threads,
      versions: { [found.known.wheels[0].name]: version },
      release,
    };
  } catch (error) {
    release();
    if (error instanceof DeviceError || !isOfPlugin(error)) throw error;
    throw notStarted(name, found, error.message, error);
  }
}

/** Loads a plugin. @throws DeviceError when it is none, or speaks another version of the interface. */
async function load(device: XlaDeviceName, { library }: FoundPlugin): Promise<PjrtPlugin> {
  const { loadPlugin, PluginError } = await import("@bioflax/pjrt");
  // Its log, but for what ends the process: failures are errors, too.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "3";
  try {
    return loadPlugin(library);
  } catch (error) {
    if (!(error instanceof PluginError)) throw error;
    const { reason, remedy } = error;
    throw new DeviceError({ device, fault: "broken", reason, remedy }, { cause: error });
  }
}

/** Whether a plugin reported an error. By its name: the package is loaded only where it is needed. */
const isOfPlugin = (error: unknown): error is Error =>
  error instanceof Error && error.name === "PjrtError";

/** A device whose plugin is there and does not start, in the plugin's words. */
function notStarted(
  device: XlaDeviceName,
  { name, known: { needs } }: FoundPlugin,
  words: string,
  cause?: Error,
): DeviceError {
  return new DeviceError(
    {
      device,
      fault: "broken",
      reason: `XLA's plugin ${name} could not start it (${words.replace(/[.\s]*$/, "")}).`,
      remedy:
        needs === undefined
          ? `\`bioflax devices --install xla-${device} --reinstall\` fetches it again.`
          : `It needs ${needs}.`,
    },
    { cause },
  );
}
