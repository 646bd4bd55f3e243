/**
 * Lets several processes write to one place without mixing their lines: what each writes is passed on when the test file is over that
 * it runs.
 */

/** What a process writes when a file is over: ASCII's record separator, which nothing else writes. */
export const FILE_END = '\x1e';

/**
 * @param {import('node:stream').Readable} from
 * @param {(text: string) => void} write
 * @returns {Promise<void>} when `from` has ended and all is written
 */
export async function passWholeFiles(from, write) {
  let held = '';
  for await (const chunk of from.setEncoding('utf8')) {
    held += chunk;
    const end = held.lastIndexOf(FILE_END);
    if (end === -1) continue;
    write(held.slice(0, end).replaceAll(FILE_END, ''));
    held = held.slice(end + 1);
  }
  write(held);
}
