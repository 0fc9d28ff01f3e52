import { Option } from "commander";
import { type ExportFormat, exportFormats } from "../../trained/export/export-run";
import { weightsOption } from "../computing-options";
import { exitStatus } from "../io";
import { tellPluginNotices } from "../plugin-notices";
import { addPlugins } from "../setting-options";
import type { AddCommand } from "./command";

const examples = `
Examples:
  bioflax export runs/third --format onnx -o digits.onnx   an inference model for ONNX Runtime
  bioflax export runs/third --format tfjs -o web/digits    model.json and weights.bin, for tf.loadLayersModel
  bioflax export runs/third --format stablehlo             its answer and its training step as programs, for JAX or IREE
  bioflax export runs/third --format safetensors           the weights, with all it takes to use them

Exported networks take inputs as the network sees them, normalised, and give what its last layer gives, before the
loss's own softmax. How inputs are normalised is told in the file's metadata.
`;

/** `bioflax export`: the network of a run for other programs. */
export const addExport: AddCommand = (program, { io, finished }) => {
  const command = program
    .command("export")
    .description("write the network of a run for TensorFlow.js, ONNX Runtime, JAX or others")
    .argument("<run>", "run folder")
    .addOption(
      new Option("--format <format>", "what to write").choices(exportFormats).makeOptionMandatory(),
    )
    .option(
      "-o, --out <path>",
      "new file, or for tfjs and stablehlo new folder, to write (default: model.onnx, tfjs, stablehlo or model.safetensors in the run folder)",
    )
    .addOption(weightsOption());
  addPlugins(command);
  command
    .addHelpText("after", examples)
    .action(
      async (
        run: string,
        {
          format,
          plugin: _plugin,
          ...options
        }: { format: ExportFormat; out?: string; weights: string; plugin?: unknown },
      ) => {
        await tellPluginNotices(run, io);
        const { exportRun } = await import("../../trained/export/export-run");
        io.stdout.write(`${await exportRun(run, format, options)}\n`);
        finished(exitStatus.done);
      },
    );
};
