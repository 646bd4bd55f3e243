/** Shows certificates as OpenSSL prints them, by the program itself: people compare such texts. */
import { execFile } from 'node:child_process';
import { SECOND_MS } from '../../kernel/duration.js';
import { err, ok } from '../../kernel/result.js';
import type { ServingContext } from '../../operations/serving.js';

const COMMAND = ['x509', '-inform', 'DER', '-noout', '-text'];
/** Somebody waits before a page meanwhile. */
const PRINT_MS_MAX = 2 * SECOND_MS;
const TEXT_BYTES_MAX = 256 * 1024;
/** Each is a process of its own for some milliseconds. */
const AT_ONCE_MAX = 4;

export function createCertificateText(): ServingContext['certificateText'] {
  let running = 0;
  return (der) => {
    if (running >= AT_ONCE_MAX) return Promise.resolve(err('too many at once'));
    running += 1;
    return new Promise((resolve) => {
      const options = { timeout: PRINT_MS_MAX, maxBuffer: TEXT_BYTES_MAX };
      const child = execFile('openssl', COMMAND, options, (error, text) => {
        running -= 1;
        resolve(error === null ? ok(text) : err(error.message));
      });
      // A program that is missing or has ended reads nothing; the callback says so.
      child.stdin?.on('error', () => undefined).end(der);
    });
  };
}
