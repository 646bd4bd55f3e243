import { existsSync, readFileSync } from 'node:fs';

/**
 * Warnings of experimental and deprecated APIs, which fail a test run: the next version of Node may
 * remove or change what they name. Node writes the warnings of all processes that a run starts into
 * one file, which the environment variable NODE_REDIRECT_WARNINGS names.
 */
const FAILING = /^\(node:\d+\) (?:\[\w+\] )?(?:ExperimentalWarning|DeprecationWarning|PendingDeprecationWarning): .*/;
const OTHER = /^\(node:\d+\) (?:\[\w+\] )?\w*Warning: .*/;

/**
 * Warnings of libraries that cannot be avoided here, with the reason.
 * @type {readonly { text: RegExp, reason: string }[]}
 */
export const TOLERATED = [];

/**
 * The distinct warnings in this file, without the ids of processes.
 * @param {string} file which need not exist
 * @returns {{ failing: readonly string[], others: readonly string[] }}
 */
export function warningsIn(file) {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const isTolerated = (/** @type {string} */ line) => TOLERATED.some(({ text }) => text.test(line));
  const distinct = (/** @type {readonly string[]} */ some) => [
    ...new Set(some.map((line) => line.replace(/^\(node:\d+\) /, ''))),
  ];
  const failing = lines.filter((line) => FAILING.test(line));
  return {
    failing: distinct(failing.filter((line) => !isTolerated(line))),
    others: distinct(lines.filter((line) => OTHER.test(line) && !FAILING.test(line))),
  };
}
