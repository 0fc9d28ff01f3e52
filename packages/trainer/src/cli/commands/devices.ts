import type { AddCommand } from "./command";

const examples = `
Examples:
  bioflax devices
  bioflax devices --measure
  bioflax train --engine eager --device webgpu
`;

/** `bioflax devices`: what there is to compute on. */
export const addDevices: AddCommand = (program, { io, finished }) => {
  program
    .command("devices")
    .description("list what there is to compute on, and what --device auto takes")
    .option("--measure", "time products of matrices on each device")
    .option("--json", "print JSON")
    // How each device is asked about in a process of its own.
    .addOption(program.createOption("--only <engine/device>", "ask about one device").hideHelp())
    .helpOption("-h, --help", "print help")
    .showHelpAfterError("See bioflax devices --help.")
    .allowExcessArguments(false)
    .addHelpText("after", examples)
    .action(async (given: { measure?: boolean; json?: boolean; only?: string }) => {
      const { runDevices } = await import("./run-devices");
      finished(await runDevices(given, io));
    });
};
