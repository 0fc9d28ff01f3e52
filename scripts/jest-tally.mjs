// A Jest reporter that leaves the totals for scripts/test.mjs in the file $JEST_TALLY.
import { writeFileSync } from "node:fs";

export default class Tally {
  onRunComplete(_contexts, results) {
    const tally = {
      passed: results.numPassedTests,
      // A suite that does not even load counts as one failure.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    };
    writeFileSync(process.env.JEST_TALLY, JSON.stringify(tally));
  }
}
