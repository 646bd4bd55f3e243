/**
 * The file of a responder's saved answers. It is written under a temporary name and then replaces
 * the old one. If it is lost, the answers are signed again.
 */
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { absent } from '../kernel/errors.js';
import { formatSavedAnswer, parseSavedAnswer, type SavedAnswer } from '../ocsp/saved-answers.js';

const LINES_PER_WRITE = 200;

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
      if (lines.length >= LINES_PER_WRITE) await flush();
    }
    await flush();
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
  return count;
}

/**
 * Calls `put` for each valid line and counts them and the broken ones. A missing file has no lines.
 */
export async function loadAnswers(
  path: string,
  put: (answer: SavedAnswer) => void,
): Promise<{ readonly loaded: number; readonly broken: number }> {
  let [loaded, broken] = [0, 0];
  const file = await open(path, 'r').catch(absent);
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
