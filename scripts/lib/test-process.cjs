/** What every process that runs tests has. CommonJS because mocha's reporter is. */

/** What keeps this process from ending, with how many there are of each. */
function openThings() {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return JSON.stringify(counts);
}

/** mocha 12 hands a rejection that nobody handles to the process's other listeners, of which there is none: no test would fail. */
function failOnUnhandledRejections() {
  process.on('unhandledRejection', (reason) => {
    throw reason;
  });
}

module.exports = { openThings, failOnUnhandledRejections };
