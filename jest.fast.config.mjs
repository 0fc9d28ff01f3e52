// `pnpm test:fast`, for the inner loop: the maths on the float64 reference, a case a rule, and what is quick of the
// rest. No engine, no process of its own, no server, no download. Everything else is `pnpm test`'s.
import everything from "./jest.config.mjs";

/** @type {import("jest").Config} */
export default {
  ...everything,
  globalSetup: undefined,
  testMatch: [
    "**/packages/core/src/**/*.test.ts",
    "**/packages/metrics/src/**/*.test.ts",
    "**/packages/compiler/src/graph/**/*.test.ts",
    "**/packages/datasets/src/synthetic/*.test.ts",
    "**/packages/datasets/src/*.test.ts",
    "**/packages/report/src/**/*.test.ts",
    "**/packages/trainer/src/resolve/*.test.ts",
  ],
  testPathIgnorePatterns: [
    "/node_modules/",
    // Hundreds of cases; case-a-rule.test.ts beside them has one a rule.
    "/core/src/network/(training|convolutions)\\.test\\.ts$",
  ],
};
