import { findPlugin } from "@bioflax/pjrt";

/** Whether XLA's plugin for the processor is installed. */
export const hasXla = findPlugin("cpu") !== undefined;

/** The engines that there are on the processor. */
export const enginesHere = ["compiled", "eager", ...(hasXla ? (["xla"] as const) : [])] as const;

if (!hasXla)
  process.stderr.write(
    "\nTests on XLA are skipped: `pnpm bioflax devices --install xla-cpu` gets its plugin for the processor.\n",
  );
