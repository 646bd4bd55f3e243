/** Runs `openssl` to show certificates exactly as it prints them: people compare such texts. */
import { execFile } from 'node:child_process';
import { SECOND_MS } from '../../kernel/duration.js';
import { err, ok } from '../../kernel/result.js';
import type { ServingContext } from '../../operations/serving.js';

const COMMAND = ['x509', '-inform', 'DER', '-noout', '-text'];
/** Time limit of `openssl`, because a person waits for the page. */
const PRINT_TIMEOUT_MS = 2 * SECOND_MS;
const TEXT_BYTES_MAX = 256 * 1024;
/** At most this many `openssl` processes run at a time; further requests fail. */
const AT_ONCE_MAX = 4;

export function createCertificateText(): ServingContext['certificateText'] {
  let running = 0;
  return (der) => {
    if (running >= AT_ONCE_MAX) return Promise.resolve(err('too many at once'));
    running += 1;
    return new Promise((resolve) => {
      const options = { timeout: PRINT_TIMEOUT_MS, maxBuffer: TEXT_BYTES_MAX };
      const child = execFile('openssl', COMMAND, options, (error, text) => {
        running -= 1;
        resolve(error === null ? ok(text) : err(error.message));
      });
      // If the program is missing or has ended, writing fails; the callback reports the reason.
      child.stdin?.on('error', () => undefined).end(der);
    });
  };
}
