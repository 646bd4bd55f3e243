/**
 * Lets several processes write to one place without mixing their lines: what each writes is passed on by whole paragraphs, as
 * mocha's reporter has one for each outermost `describe`; its closing words are passed on together, when it ends.
 */

/** How mocha's closing words begin: how many passed. */
const CLOSING = /(^|\n) +\d+ passing \(/;

/**
 * @param {import('node:stream').Readable} from
 * @param {(text: string) => void} write
 * @returns {Promise<void>} when `from` has ended and all is written
 */
export async function passParagraphs(from, write) {
  let held = '';
  for await (const chunk of from.setEncoding('utf8')) {
    held += chunk;
    const closing = CLOSING.exec(held)?.index ?? held.length;
    const end = held.slice(0, closing).lastIndexOf('\n\n');
    if (end === -1) continue;
    write(held.slice(0, end + 2));
    held = held.slice(end + 2);
  }
  write(held);
}
