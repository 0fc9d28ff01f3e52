import { describe } from "@jest/globals";
import { findPlugin } from "../src/index";

/** The plugin for the processor; empty where it is not installed. */
export const cpuPlugin = findPlugin("cpu") ?? "";

/** For tests that need it. */
export const wherePlugin = cpuPlugin === "" ? describe.skip : describe;

if (cpuPlugin === "")
  process.stderr.write(
    "\nTests on PJRT's plugin for the processor are skipped: `node packages/pjrt/bin/pjrt.js install cpu` gets it.\n",
  );
