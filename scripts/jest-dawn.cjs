// The addon of the npm package webgpu, as its own index.js chooses it.
const { dirname, join } = require("node:path");

const root = dirname(require.resolve("../packages/layers/node_modules/webgpu/package.json"));
const architecture = process.platform === "darwin" ? "universal" : process.arch;

module.exports = require(join(root, "dist", `${process.platform}-${architecture}`, "dawn.node"));
