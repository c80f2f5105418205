/**
 * Ends every run with one line that a machine can read. A test file that does not even load counts as failed, and so does a check
 * that failed before the tests (types, lint).
 */
export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + Number(process.env.FAILED_CHECKS ?? 0);
    process.stdout.write(`${results.numPassedTests} passed, ${failed} failed, ${results.numPendingTests} skipped\n`);
  }
}
