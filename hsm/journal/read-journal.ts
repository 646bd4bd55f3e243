/**
 * Reads a signer's journal. The service also uses this, to compare the journal with the database.
 */
import { open } from 'node:fs/promises';
import { sha256Hex } from '../../src/kernel/digest.js';
import { err, ok, type Result } from '../../src/kernel/result.js';
import { FIRST_PREV, type JournalEntry, parseLine } from './journal-entry.js';

export type JournalFailure =
  | { readonly kind: 'journal-broken'; readonly file: string; readonly afterSeq: number; readonly detail: string }
  | { readonly kind: 'journal-not-writable'; readonly file: string; readonly detail: string };

/**
 * Reads all entries from the first, and checks each against the one before. Ends with a failure at
 * the first line that does not continue the chain.
 */
export async function* readJournal(file: string): AsyncGenerator<Result<JournalEntry, JournalFailure>> {
  const handle = await open(file, 'r');
  try {
    let previous = { seq: 0, hash: FIRST_PREV };
    for await (const line of handle.readLines({ encoding: 'utf8', autoClose: false })) {
      const entry = parseLine(line);
      if (entry === null || entry.seq !== previous.seq + 1 || entry.prev !== previous.hash) {
        yield err({ kind: 'journal-broken', file, afterSeq: previous.seq, detail: 'the next line does not follow' });
        return;
      }
      previous = { seq: entry.seq, hash: sha256Hex(line) };
      yield ok(entry);
    }
  } finally {
    await handle.close();
  }
}
