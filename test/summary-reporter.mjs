/** Prints the run's totals on one line of their own, last, for people and scripts that look at nothing else. */
export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    // A suite that could not even start has no tests to count, yet it must not look like a pass.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    // Jest's own summary comes after every reporter; only the end of the process comes after that.
    process.once('exit', () => process.stdout.write(`\n${line}\n`));
  }
}
