#!/usr/bin/env node
// The command of @bioflax/trainer, by the name that people ask npm for.
const trainer = import.meta.resolve("@bioflax/trainer/package.json");
await import(new URL("bin/bioflax.js", trainer).href);
