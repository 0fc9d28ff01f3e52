import { type DeviceList, listDevices } from "../../devices/list-devices";
import { type EngineName, engineNames } from "../../devices/names";
import { type DeviceReport, probeDevice } from "../../devices/probe";
import { type Colors, colorsFor } from "../colors";
import { exitStatus, type Io } from "../io";

/**
 * `bioflax devices`: prints every device with its state, what is wrong with it and what to do.
 *
 * @returns the exit status.
 */
export async function runDevices(
  {
    measure = false,
    json = false,
    only,
  }: { readonly measure?: boolean; readonly json?: boolean; readonly only?: string },
  io: Io,
): Promise<number> {
  if (only !== undefined) {
    const [engine, device] = only.split("/") as [EngineName, string];
    io.stdout.write(`${JSON.stringify(await probeDevice(engine, device, { measure }))}\n`);
    return exitStatus.done;
  }
  const list = await listDevices({ measure });
  io.stdout.write(
    json ? `${JSON.stringify(list, null, 2)}\n` : table(list, colorsFor(io.stdout, io.env)),
  );
  return exitStatus.done;
}

function table({ devices, auto }: DeviceList, colors: Colors): string {
  const { bold, dim } = colors;
  const width = Math.max(...devices.map(({ device }) => device.length));
  return engineNames
    .map((engine) => {
      const rows = devices.filter((one) => one.engine === engine);
      const chosen = auto[engine];
      return [
        `${bold(`--engine ${engine}`)} ${dim(`auto takes ${chosen.device}: ${chosen.why}`)}`,
        ...rows.map((one) => row(one, width, colors)),
      ].join("\n");
    })
    .join("\n\n")
    .concat("\n");
}

function row(
  { device, state, hardware, isSoftware, versions, gigaflops, reason, remedy }: DeviceReport,
  width: number,
  { dim, green, red, yellow }: Colors,
): string {
  const color = { available: green, missing: yellow, broken: red }[state];
  const first = `  ${device.padEnd(width)}  ${color(state.padEnd(9))}`;
  const indent = " ".repeat(width + 4);
  if (state !== "available")
    return [
      `${first}  ${reason ?? ""}`,
      ...(remedy ? [`${indent}${" ".repeat(11)}${dim(remedy)}`] : []),
    ].join("\n");
  const facts = [
    hardware,
    ...(isSoftware ? ["a GPU imitated by the processor, for tests"] : []),
    ...(gigaflops === undefined ? [] : [`${speed(gigaflops)} in products of matrices`]),
    dim(
      Object.entries(versions ?? {})
        .map(([name, version]) => `${name} ${version}`)
        .join(", "),
    ),
  ];
  return `${first}  ${facts.filter(Boolean).join("; ")}`;
}

function speed(gigaflops: number): string {
  return gigaflops < 1000
    ? `${gigaflops.toPrecision(3)} Gflop/s`
    : `${(gigaflops / 1000).toPrecision(3)} Tflop/s`;
}
