/** The file of a responder's answers: written whole beside the old one, which it then replaces. Losing it costs signatures, no truth. */
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatSavedAnswer, parseSavedAnswer, type SavedAnswer } from '../ocsp/saved-answers.js';

const LINES_A_WRITE = 200;

export async function saveAnswers(path: string, answers: Iterable<SavedAnswer>): Promise<number> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const part = `${path}.new`;
  const file = await open(part, 'w', 0o600);
  let count = 0;
  try {
    let lines: string[] = [];
    const flush = async (): Promise<void> => {
      await file.write(lines.join(''));
      lines = [];
    };
    for (const answer of answers) {
      lines.push(`${formatSavedAnswer(answer)}\n`);
      count += 1;
      if (lines.length >= LINES_A_WRITE) await flush();
    }
    await flush();
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
  return count;
}

/** `put` for each that is whole; how many, and how many lines were not. A file that is not there has none. */
export async function loadAnswers(
  path: string,
  put: (answer: SavedAnswer) => void,
): Promise<{ readonly loaded: number; readonly broken: number }> {
  let [loaded, broken] = [0, 0];
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return { loaded, broken };
  try {
    for await (const line of file.readLines({ encoding: 'utf8', autoClose: false })) {
      const answer = parseSavedAnswer(line);
      if (answer === null) broken += 1;
      else {
        put(answer);
        loaded += 1;
      }
    }
  } finally {
    await file.close();
  }
  return { loaded, broken };
}
