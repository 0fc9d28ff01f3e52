// fast-check as the tests import it: its cases are the same every time; BIOFLAX_TEST_SEED, a whole number, draws others.
const { dirname, join } = require("node:path");

const root = dirname(require.resolve("fast-check/package.json"));
const fastCheck = require(join(root, "lib", "cjs", "fast-check.js"));

fastCheck.configureGlobal({ seed: Number(process.env.BIOFLAX_TEST_SEED ?? 0) });
module.exports = fastCheck;
