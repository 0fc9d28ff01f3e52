import { expect, test } from "@jest/globals";
import type { Io } from "./io";
import { quietReporter, terminalReporter } from "./terminal-reporter";

function terminal() {
  const printed: string[] = [];
  const stderr = { write: (text: string) => printed.push(text) };
  const io = { stderr, env: { NO_COLOR: "1" } } as unknown as Io;
  return { io, text: () => printed.join("") };
}

test("warnings and notices stand on lines of their own", () => {
  const { io, text } = terminal();
  const reporter = terminalReporter(io);
  reporter.warning?.("the server is away");
  reporter.notice?.("it is back");
  expect(text()).toBe("warning: the server is away\nnote: it is back\n");
});

test("who wants quiet is warned, and told no more", () => {
  const { io, text } = terminal();
  const reporter = quietReporter(io);
  reporter.warning?.("the server is away");
  reporter.notice?.("it is back");
  expect(text()).toBe("warning: the server is away\n");
});
