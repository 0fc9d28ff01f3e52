import { createInterface } from "node:readline";
import type { Answer, Greeting, Request } from "../protocol";

/** Answers a line of JSON with a line of JSON, until no more come. */
export async function serve(
  greeting: Greeting,
  answer: (request: Request) => Promise<Answer>,
): Promise<void> {
  const say = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);
  say(greeting);
  for await (const line of createInterface({ input: process.stdin })) {
    const reply = await answer(JSON.parse(line)).catch((error: Error) => ({
      error: error.message.split("\n")[0] ?? "failed",
    }));
    say(reply);
  }
}
