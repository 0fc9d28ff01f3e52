import { exitStatus } from "../io";
import { tellPluginNotices } from "../plugin-notices";
import { addPlugins } from "../setting-options";
import type { AddCommand } from "./command";

const examples = `
Examples:
  bioflax report runs/mnist-fa-20250131-090507
  bioflax report runs/*/ --out rules.html --title "Four rules on MNIST"

Runs with the same settings but for their seeds are shown together, as mean ± standard deviation. The page needs no
network. A page that is there is replaced, once the new one is whole.
`;

/** `bioflax report`: a page about one or several runs. */
export const addReport: AddCommand = (program, { io, finished }) => {
  const command = program
    .command("report")
    .description("make a page about one or several runs: results, curves, alignment, predictions")
    .argument("<runs...>", "run folders, done or not")
    .option("-o, --out <file>", "the page", "report.html")
    .option("--title <text>", "its title (default: the rules and the data set)");
  addPlugins(command);
  command
    .showHelpAfterError("See bioflax report --help.")
    .addHelpText("after", examples)
    .action(async (runs: string[], { out, title }: { out: string; title?: string }) => {
      for (const run of runs) await tellPluginNotices(run, io);
      const { report } = await import("../../report/report");
      const path = await report(runs, { out, ...(title !== undefined && { title }) });
      io.stdout.write(`${path}\n`);
      finished(exitStatus.done);
    });
};
