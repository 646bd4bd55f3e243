/**
 * mocha's `spec` reporter that also keeps the tally on disk after every test, so that a run that
 * crashes or hangs can still be counted. CommonJS because mocha loads reporters with `require`.
 */
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');
const { failOnUnhandledRejections, openThings } = require('./test-process.cjs');

/** A process in which nothing is left open ends at once after its last test. */
const LINGER_LIMIT_MS = 15_000;

module.exports = class CountingReporter extends reporters.Spec {
  /** @param {any} runner @param {any} options */
  constructor(runner, options) {
    super(runner, options);
    failOnUnhandledRejections();
    const tally = { passed: 0, failed: 0, pending: 0, ended: false, leftOpen: '' };
    const keep = () => writeFileSync(String(process.env.PFCNG_TEST_TALLY), JSON.stringify(tally));
    const count = (/** @type {'passed' | 'failed' | 'pending'} */ kind) => () => {
      tally[kind] += 1;
      keep();
    };
    runner.on('pass', count('passed'));
    runner.on('fail', count('failed'));
    runner.on('pending', count('pending'));
    runner.once('end', () => {
      tally.ended = true;
      keep();
      // A process that ends, or still writes its coverage, never gets here; one that waits does.
      setTimeout(() => {
        tally.leftOpen = openThings();
        keep();
        process.exit(1);
      }, LINGER_LIMIT_MS).unref();
    });
    keep();
  }
};
