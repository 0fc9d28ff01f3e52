const { TestEnvironment } = require("jest-environment-node");

// Native addons make typed arrays of the outer realm, and libraries check `instanceof`: tests must see the same
// classes.
module.exports = class SharedTypedArrays extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    Object.assign(this.global, {
      Float32Array,
      Float64Array,
      Int32Array,
      BigInt64Array,
      Int8Array,
    });
  }
};
