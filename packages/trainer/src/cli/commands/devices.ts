import { installableDevices } from "../../devices/install/names";
import type { AddCommand } from "./command";
import type { InstallArguments } from "./run-install";

const examples = `
Examples:
  bioflax devices
  bioflax devices --measure
  bioflax devices --install tensorflow
  bioflax devices --install xla-cpu
  bioflax train --engine eager --device webgpu
`;

/** `bioflax devices`: what there is to compute on. */
export const addDevices: AddCommand = (program, { io, finished }) => {
  program
    .command("devices")
    .description("list what there is to compute on, and what --device auto takes")
    .option("--measure", "time products of matrices on each device")
    .option("--json", "print JSON")
    .addOption(
      program
        .createOption("--install <device>", "make the native part of a device, with what it needs")
        .choices([...installableDevices])
        .helpGroup("Installation:"),
    )
    .addOption(
      program
        .createOption("--uninstall <device>", "remove it again")
        .choices([...installableDevices])
        .helpGroup("Installation:"),
    )
    .addOption(
      program
        .createOption(
          "--python <command>",
          "Python that has TensorFlow, or whose pip fetches plugins (default: the active environment's, else one of our own)",
        )
        .helpGroup("Installation:"),
    )
    .addOption(
      program
        .createOption(
          "--no-cuda-libraries",
          "fetch TensorFlow without CUDA's libraries: they are on this machine",
        )
        .helpGroup("Installation:"),
    )
    .addOption(
      program
        .createOption(
          "--reinstall",
          "compile TensorFlow's native part again where the same is installed and works; fetch a plugin for XLA again",
        )
        .helpGroup("Installation:"),
    )
    // How each device is asked about in a process of its own.
    .addOption(program.createOption("--only <engine/device>", "ask about one device").hideHelp())
    .helpOption("-h, --help", "print help")
    .showHelpAfterError("See bioflax devices --help.")
    .allowExcessArguments(false)
    .addHelpText("after", examples)
    .action(async (given: { measure?: boolean; only?: string } & InstallArguments) => {
      if (given.install !== undefined || given.uninstall !== undefined) {
        const { runInstall } = await import("./run-install");
        return finished(await runInstall(given, io));
      }
      const { runDevices } = await import("./run-devices");
      finished(await runDevices(given, io));
    });
};
