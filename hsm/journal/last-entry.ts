/** Finds the last entry of some kind in a journal, without reading all of it. */
import { open } from 'node:fs/promises';
import { type JournalEntry, parseLine } from './journal-entry.js';
import { segmentFile, segmentNumbers } from './segments.js';

const BLOCK_BYTES = 64 * 1024;

/**
 * Returns the last entry that `isWanted` accepts. Reads the segments backwards, block by block,
 * until that entry is found. A line that is no entry, such as one that a power cut has left
 * unfinished, is skipped: `readJournal` reports such faults. null: there is no journal or no such
 * entry.
 */
export async function lastEntry<Wanted extends JournalEntry>(
  folder: string,
  isWanted: (entry: JournalEntry) => entry is Wanted,
): Promise<Wanted | null> {
  for (const number of [...(await segmentNumbers(folder))].reverse()) {
    for await (const line of linesBackwards(segmentFile(folder, number))) {
      const entry = parseLine(line);
      if (entry !== null && isWanted(entry)) return entry;
    }
  }
  return null;
}

async function* linesBackwards(file: string): AsyncGenerator<string> {
  const handle = await open(file, 'r');
  try {
    let rest = '';
    for (let end = (await handle.stat()).size; end > 0; ) {
      const start = Math.max(0, end - BLOCK_BYTES);
      const block = Buffer.alloc(end - start);
      await handle.read(block, 0, block.length, start);
      // Journals are ASCII, so that the border of a block cuts no character.
      const lines = `${block.toString('latin1')}${rest}`.split('\n');
      rest = start > 0 ? (lines.shift() ?? '') : '';
      yield* lines.reverse();
      end = start;
    }
  } finally {
    await handle.close();
  }
}
