/** Names the files that steps read, so that they are checked before a ceremony begins. */
import type { Sharing } from '../../plan/model.js';
import type { NeededFile } from '../kind.js';

/** Names files of which the plan states no hash. */
export function neededFiles(...paths: readonly string[]): readonly NeededFile[] {
  return paths.map((path) => ({ path, sha256: null }));
}

/** Names a file with the hash that the plan states; `*` stands for any content. */
export function neededFile(path: string, sha256: string): NeededFile {
  return { path, sha256: sha256 === '*' ? null : sha256 };
}

export function issuerCertificateFile(issuer: string): string {
  return `authorities/${issuer}.cer`;
}

/** Names the certificates for which shares are encrypted. */
export function holderCertificates({ holders }: Sharing): readonly NeededFile[] {
  return holders.flatMap(({ encryption }) =>
    encryption === 'passphrase' ? [] : [neededFile(encryption.certificate, encryption.sha256)],
  );
}
