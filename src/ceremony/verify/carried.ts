/**
 * Verifies files that people may carry away and whose hash another file records: the shares of a
 * set, and the copy of a token. Such a file may be absent. If it is there, it must be undamaged, so
 * that damage is found before the file is needed.
 */
import { sha256Hex } from '../../kernel/digest.js';
import { backUpPaths } from '../plan/paths.js';
import { readSet } from '../quorum/share-set.js';
import { readBackUp } from '../steps/shared/token-records.js';
import type { RecordedFile } from '../transcript/transcript.js';
import type { Artefacts, CheckedFile, VerifyFault } from './model.js';

/**
 * Checks the shares of a set file, or the copy of a record of a back-up. null: those that are there
 * are undamaged, or the file is of another kind.
 */
export function copiesFault(checked: CheckedFile, artefacts: Artefacts): VerifyFault | null {
  for (const { path, sha256 } of carriedFiles(checked)) {
    const found = artefacts(path);
    if (found !== null && sha256Hex(found) !== sha256)
      return { kind: 'artefact-altered', artefact: path, rule: anotherHash(checked.path) };
  }
  return null;
}

function carriedFiles({ path, content }: CheckedFile): readonly RecordedFile[] {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const shares = readSet(content)?.members ?? [];
  const backUp = readBackUp(content);
  const copies = backUp === null ? [] : backUp.copies.map((copy) => ({ ...copy, path: copyPath(backUp) }));
  return [...shares.map(({ file, fileSha256 }) => ({ path: `${folder}${file}`, sha256: fileSha256 })), ...copies];
}

function copyPath({ ceremony, token }: { readonly ceremony: string; readonly token: string }): string {
  return backUpPaths({ id: ceremony }, { token }).copy;
}

function anotherHash(record: string) {
  return {
    fr: `son empreinte SHA-256 diffère de celle de ${record}`,
    en: `its SHA-256 differs from the one in ${record}`,
  };
}
