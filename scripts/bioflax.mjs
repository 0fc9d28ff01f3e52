// `pnpm bioflax …` from anywhere in the workspace: pnpm runs scripts at the root, and the command's
// paths are the user's, so go back to where they typed it.
import { chdir, env } from "node:process";

if (env.INIT_CWD) chdir(env.INIT_CWD);
await import("../packages/trainer/dist/cli.js");
