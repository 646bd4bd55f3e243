/** Shared by all processes that run tests. CommonJS, because mocha's reporter is. */

/** The kinds of resources that keep this process from ending, with the number of each. */
function openThings() {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return JSON.stringify(counts);
}

/** mocha 12 passes unhandled rejections to other listeners; without one, no test would fail. */
function failOnUnhandledRejections() {
  process.on('unhandledRejection', (reason) => {
    throw reason;
  });
}

module.exports = { openThings, failOnUnhandledRejections };
