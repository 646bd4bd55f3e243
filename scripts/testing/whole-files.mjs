/**
 * Lets several processes write to one output without mixing their lines: the text of a process is
 * written when the test file that it runs is over.
 */

/**
 * A process writes this at the end of a file: the record separator of ASCII, which nothing else
 * writes.
 */
export const FILE_END = '\x1e';

/**
 * @param {import('node:stream').Readable} from
 * @param {(text: string) => void} write
 * @returns {Promise<void>} when `from` has ended and all is written; rejects when it was destroyed
 */
export async function passWholeFiles(from, write) {
  let buffered = '';
  try {
    for await (const chunk of from.setEncoding('utf8')) {
      buffered += chunk;
      const end = buffered.lastIndexOf(FILE_END);
      if (end === -1) continue;
      write(buffered.slice(0, end).replaceAll(FILE_END, ''));
      buffered = buffered.slice(end + 1);
    }
  } finally {
    write(buffered);
  }
}
