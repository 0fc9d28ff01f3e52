import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { checkOptionNames, type OptionNames } from "@bioflax/core";
import { linesAboutGpus } from "@bioflax/tensorflow-node";
import { deviceNames, type EngineDevice, type EngineName, engineNames, takenByAuto } from "./names";
import { type DeviceReport, probeDevice } from "./probe";
import { whyChosen } from "./why-chosen";

/** Every device of every engine, and what `auto` takes. */
export interface DeviceList {
  readonly devices: readonly DeviceReport[];
  /** Of each engine, the device `auto` takes, and why. */
  readonly auto: {
    readonly [E in EngineName]: { readonly device: string; readonly why: string };
  };
}

/** How long a device may take to start, with its measurement. */
const PATIENCE = 120_000;

/** How devices are listed. */
export interface ListDevicesOptions {
  /** Whether products of matrices are timed on each, one device after another. */
  readonly measure?: boolean;
}

const optionNames: OptionNames<ListDevicesOptions> = { measure: true };

/**
 * Starts every device of every engine, each in a process of its own where the command is built: a driver that ends its
 * process, or prints what it likes, does so there.
 *
 * @throws BioflaxError for options that are none.
 * @example
 * const { devices, auto } = await listDevices({ measure: true });
 */
export async function listDevices(options: ListDevicesOptions = {}): Promise<DeviceList> {
  checkOptionNames("listDevices", options, optionNames);
  const { measure = false } = options;
  const all = engineNames.flatMap((engine) =>
    deviceNames[engine].map((device): EngineDevice => ({ engine, device })),
  );
  const probe = ({ engine, device }: EngineDevice) => probeSafely(engine, device, measure);
  const devices: DeviceReport[] = [];
  // Side by side they would take each other's time.
  if (measure) for (const one of all) devices.push(await probe(one));
  else devices.push(...(await Promise.all(all.map(probe))));
  return {
    devices: withGpuNames(devices),
    auto: Object.fromEntries(
      engineNames.map((engine) => [engine, choose(engine, devices)]),
    ) as unknown as DeviceList["auto"],
  };
}

/** Starts a device, in a process of its own where the command is built, and says what came of it. */
export async function probeSafely(
  engine: EngineName,
  device: string,
  measure = false,
): Promise<DeviceReport> {
  return (await probeApart(engine, device, measure)) ?? probeDevice(engine, device, { measure });
}

function choose(engine: EngineName, devices: readonly DeviceReport[]) {
  const names = takenByAuto(engine);
  const found = names.find((name) =>
    devices.some(
      (one) => one.engine === engine && one.device === name && one.state === "available",
    ),
  );
  const passed = names.slice(0, found === undefined ? names.length : names.indexOf(found));
  return { device: found ?? "none", why: whyChosen(passed) };
}

/** ONNX Runtime does not tell what GPU its WebGPU found; Dawn, which it uses, told TensorFlow.js. */
function withGpuNames(devices: readonly DeviceReport[]): DeviceReport[] {
  const gpu = devices.find(({ engine, device }) => engine === "eager" && device === "webgpu");
  const named = gpu?.hardware !== undefined && {
    hardware: gpu.hardware,
    ...(gpu.isSoftware !== undefined && { isSoftware: gpu.isSoftware }),
  };
  return devices.map((one) => {
    const isNameless = one.device === "webgpu" && one.state === "available" && !one.hardware;
    return isNameless ? { ...one, ...named } : one;
  });
}

/** The command, built beside this file; undefined where this runs from its sources. */
function builtCommand(): string | undefined {
  const path = fileURLToPath(new URL("./cli.js", import.meta.url));
  return existsSync(path) ? path : undefined;
}

/** Probes a device in a process of its own; undefined where there is no command to run. */
export async function probeApart(
  engine: EngineName,
  device: string,
  measure: boolean,
): Promise<DeviceReport | undefined> {
  const command = builtCommand();
  if (command === undefined) return undefined;
  const args = [
    command,
    "devices",
    "--only",
    `${engine}/${device}`,
    ...(measure ? ["--measure"] : []),
  ];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      {
        timeout: PATIENCE,
        killSignal: "SIGKILL",
        // What TensorFlow finds of GPUs it tells in its log alone.
        env: { TF_CPP_MIN_LOG_LEVEL: "0", ...process.env },
      },
      (error, stdout, stderr) => {
        const report = parseReport(stdout);
        if (report !== undefined) return resolve(withTensorflowsWords(report, stderr));
        const said = stderr.trim().split("\n").at(-1);
        const how = error?.signal ? `ended by ${error.signal}` : `ended with status ${error?.code}`;
        const reason = `Its process ${how}${said ? `, saying: ${said}` : ""}.`;
        resolve({ engine, device, state: "broken", reason });
      },
    );
  });
}

/** A report of TensorFlow's GPU with the GPU's name, or why there is none, in TensorFlow's words. */
export function withTensorflowsWords(report: DeviceReport, log: string): DeviceReport {
  if (report.device !== "tensorflow-gpu") return report;
  const lines = linesAboutGpus(log);
  if (report.state === "available") {
    const names = lines.flatMap((line) => /-> device: \d+, name: ([^,]+),/.exec(line)?.[1] ?? []);
    return names.length === 0
      ? report
      : { ...report, hardware: `${names.join(", ")}, through TensorFlow` };
  }
  const words = lines.map((line) => `"${line}"`).join(", ");
  return words === ""
    ? report
    : { ...report, reason: `${report.reason} TensorFlow says: ${words}.` };
}

function parseReport(stdout: string): DeviceReport | undefined {
  try {
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as DeviceReport;
  } catch {
    return undefined;
  }
}
