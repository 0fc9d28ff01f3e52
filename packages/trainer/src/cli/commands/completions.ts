import { Argument } from "commander";
import { bashCompletions } from "../completions/bash";
import { type CompletedProgram, describeProgram } from "../completions/describe-program";
import { fishCompletions } from "../completions/fish";
import { zshCompletions } from "../completions/zsh";
import { exitStatus } from "../io";
import { addPlugins } from "../setting-options";
import type { AddCommand } from "./command";

const shells = { bash: bashCompletions, zsh: zshCompletions, fish: fishCompletions } as const;

const examples = `
Examples:
  source <(bioflax completions bash)                       in ~/.bashrc
  source <(bioflax completions zsh)                        in ~/.zshrc, after compinit
  bioflax completions fish > ~/.config/fish/completions/bioflax.fish
`;

/** `bioflax completions`: what a shell needs to complete commands, options and their values. */
export const addCompletions: AddCommand = (program, { io, finished }) => {
  const command = program
    .command("completions")
    .description("print a script that lets a shell complete what you type")
    .addArgument(new Argument("<shell>", "which shell").choices(Object.keys(shells)));
  addPlugins(command);
  command.addHelpText("after", examples).action((shell: keyof typeof shells) => {
    const write: (described: CompletedProgram) => string = shells[shell];
    io.stdout.write(write(describeProgram(program)));
    finished(exitStatus.done);
  });
};
