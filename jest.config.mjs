/** @type {import("jest").Config} */
export default {
  // As the workspace's scripts are run; packages choose by it among their own modules, too.
  testEnvironmentOptions: { customExportConditions: ["@bioflax/source", "node", "node-addons"] },
  testEnvironment: "<rootDir>/scripts/jest-environment.cjs",
  globalSetup: "<rootDir>/scripts/jest-native.mjs",
  roots: ["<rootDir>/packages", "<rootDir>/apps"],
  // Left to itself, Jest leaves a core idle, which of two is half of them.
  maxWorkers: "100%",
  // A machine that others use has been seen to be three times as slow; no test measures time.
  testTimeout: 180_000,
  testMatch: ["**/src/**/*.test.ts", "**/test/**/*.test.ts", "**/testing/**/*.test.ts"],
  // Run folders, which the package of that name is none of.
  modulePathIgnorePatterns: ["/dist/", "(?<!/packages)/runs/"],
  transform: {
    "\\.ts$": [
      "@swc/jest",
      {
        swcrc: false,
        jsc: { parser: { syntax: "typescript" }, target: "es2022" },
        module: { type: "commonjs" },
      },
    ],
  },
  // The workspace's own packages are tested from their sources, never from an old build.
  moduleNameMapper: {
    "^@bioflax/([^/]+)$": "<rootDir>/packages/$1/src/index.ts",
    "^@bioflax/([^/]+)/testing$": "<rootDir>/packages/$1/testing/index.ts",
    // Written as a module, which Jest does not load: the same addon, from a file that is none.
    "^webgpu$": "<rootDir>/scripts/jest-dawn.cjs",
    "^@bioflax/([^/]+)/node$": "<rootDir>/packages/$1/src/node.ts",
    "^fast-check$": "<rootDir>/scripts/jest-fast-check.cjs",
  },
};
