/** @type {import("jest").Config} */
export default {
  testEnvironment: "<rootDir>/scripts/jest-environment.cjs",
  roots: ["<rootDir>/packages", "<rootDir>/apps"],
  // Machines are slower when they are shared; no test measures time.
  testTimeout: 60_000,
  testMatch: ["**/src/**/*.test.ts", "**/test/**/*.test.ts", "**/testing/**/*.test.ts"],
  modulePathIgnorePatterns: ["/dist/", "/runs/"],
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
    "^@bioflax/([^/]+)/node$": "<rootDir>/packages/$1/src/node.ts",
  },
};
