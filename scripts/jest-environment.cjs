const { createHash } = require("node:crypto");
const { TestEnvironment } = require("jest-environment-node");

/** `Math.random` from a text's SHA-256, by the generator mulberry32. */
function randomOf(text) {
  let state = createHash("sha256").update(text).digest().readInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

module.exports = class BioflaxEnvironment extends TestEnvironment {
  #file;

  constructor(config, context) {
    super(config, context);
    this.#file = context.testPath.slice(config.globalConfig.rootDir.length);
    // Native addons make typed arrays of the outer realm, and libraries check `instanceof`: tests must see the same
    // classes.
    Object.assign(this.global, {
      Float32Array,
      Float64Array,
      Int32Array,
      BigInt64Array,
      Int8Array,
    });
    this.#seed("");
  }

  /** Each test draws the same numbers every time, alone or among others: one that fails does so again. */
  handleTestEvent(event) {
    if (event.name !== "test_start") return;
    const names = [];
    for (let part = event.test; part; part = part.parent) names.unshift(part.name);
    this.#seed(names.join(" "));
  }

  #seed(test) {
    this.global.Math.random = randomOf(
      [process.env.BIOFLAX_TEST_SEED ?? 0, this.#file, test].join("\n"),
    );
  }
};
