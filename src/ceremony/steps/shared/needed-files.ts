/** The files that steps read, for the checks before a ceremony. */
import type { Sharing } from '../../plan/model.js';
import type { NeededFile } from '../kind.js';

export function neededFiles(...paths: readonly string[]): readonly NeededFile[] {
  return paths.map((path) => ({ path, sha256: null }));
}

/** `sha256` as the plan states it: `*` stands for any content. */
export function neededFile(path: string, sha256: string): NeededFile {
  return { path, sha256: sha256 === '*' ? null : sha256 };
}

export function issuerCertificateFile(issuer: string): string {
  return `authorities/${issuer}.cer`;
}

/** The certificates for which shares are encrypted. */
export function holderCertificates({ holders }: Sharing): readonly NeededFile[] {
  return holders.flatMap(({ encryption }) =>
    encryption === 'passphrase' ? [] : [neededFile(encryption.certificate, encryption.sha256)],
  );
}
