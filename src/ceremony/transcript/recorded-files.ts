/** Finds the files that an entry of a transcript records, each with its SHA-256. */
import type { Entry } from './transcript.js';

export type RecordedFile = { readonly path: string; readonly sha256: string };

/** Returns the files that the step made or read, and those from which it made them. */
export function recordedFiles({ result }: Pick<Entry, 'result'>): readonly RecordedFile[] {
  const { artefact, sha256, previous, previousSha256, files } = result;
  const several = typeof files === 'object' && files !== null && !Array.isArray(files) ? Object.entries(files) : [];
  const pairs: readonly (readonly [unknown, unknown])[] = [[artefact, sha256], [previous, previousSha256], ...several];
  return pairs.flatMap(([path, hash]) =>
    typeof path === 'string' && typeof hash === 'string' ? [{ path, sha256: hash }] : [],
  );
}
