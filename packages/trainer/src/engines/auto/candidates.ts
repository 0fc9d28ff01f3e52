import { stat } from "node:fs/promises";
import { DeviceError } from "@bioflax/core";
import { automaticEngines, type EngineDevice, enginesWith } from "../../devices/names";
import { type XlaDeviceName, xlaDeviceNames } from "../../devices/xla/devices";
import { findPluginOf, versionOf } from "../../devices/xla/plugin";

/** An engine on a device that could train a network. */
export interface Candidate extends EngineDevice {
  /** Of what computes: with another it may be another choice. */
  readonly version: string;
}

/** Of each engine, the devices that it could train on: what they need is installed. */
const candidatesOf: Readonly<
  Record<(typeof automaticEngines)[number], (device: string) => Promise<readonly Candidate[]>>
> = {
  async compiled(name) {
    const { chooseDevice, runtimeVersion } = await import("@bioflax/compiler");
    const { device } = await chooseDevice(name);
    return [{ engine: "compiled", device, version: await runtimeVersion() }];
  },
  async xla(name) {
    const names = name === "auto" ? xlaDeviceNames : [name as XlaDeviceName];
    const candidates: Candidate[] = [];
    let refusal: DeviceError | undefined;
    for (const device of names)
      try {
        const plugin = await findPluginOf(device);
        // With another file it is another choice, too: what did not start may since.
        const file = await stat(plugin.library).catch(() => undefined);
        const version = [plugin.library, versionOf(plugin), file?.size, file?.mtimeMs].join(" ");
        candidates.push({ engine: "xla", device, version });
      } catch (error) {
        refusal = asRefusal(error);
      }
    if (candidates.length === 0) throw refusal;
    return candidates;
  },
};

/** @throws what is not about a device. */
function asRefusal(error: unknown): DeviceError {
  if (error instanceof DeviceError) return error;
  throw error;
}

/**
 * The engines and devices that could train a network: the compiled engine on the device it would take, and XLA on each
 * that it has a plugin for.
 *
 * @param device the one that is asked for, or `auto`.
 * @returns first what would be taken without a measurement.
 * @throws DeviceError where there is none.
 */
export async function findCandidates(
  device: string,
): Promise<readonly [Candidate, ...Candidate[]]> {
  const having = device === "auto" ? automaticEngines : enginesWith(device);
  const candidates: Candidate[] = [];
  let refusal: DeviceError | undefined;
  for (const engine of automaticEngines.filter((one) => having.includes(one)))
    try {
      candidates.push(...(await candidatesOf[engine](device)));
    } catch (error) {
      refusal ??= asRefusal(error);
    }
  const [first, ...others] = candidates;
  if (first === undefined) throw refusal;
  return [first, ...others];
}
