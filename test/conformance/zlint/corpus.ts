/**
 * Certificates of neither ours nor zlint's: NIST's PKITS and those of pyca/cryptography, from
 * Debian's package.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { itemsIn } from '../../../src/cli/lint/file.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { toPem } from '../../support/service/csr.js';

const FOLDER = '/usr/lib/python3/dist-packages/cryptography_vectors/x509';

export type CorpusFile = { readonly name: string; readonly bytes: Bytes };
export type CorpusCertificate = { readonly name: string; readonly der: Bytes };

/** All files of the folder, certificates or not. */
export function corpusFiles(): readonly CorpusFile[] {
  return readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ name: path.slice(FOLDER.length + 1), bytes: new Uint8Array(readFileSync(path)) }));
}

/** The certificates in files that are named like certificates; the second of a file is `file#2`. */
export function corpusCertificates(files: readonly CorpusFile[]): readonly CorpusCertificate[] {
  return files
    .filter(({ name }) => /\.(?:pem|der|crt)$/.test(name))
    .flatMap(({ name, bytes }) => {
      const items = itemsIn(bytes);
      const all = items.ok ? items.value : [];
      const certificates = all.flatMap((item) => (item.kind === 'certificate' ? [item] : []));
      return certificates.map(({ der }, at) => ({ name: at === 0 ? name : `${name}#${at + 1}`, der }));
    });
}

/** Writes each to a PEM file while `use` runs. */
export async function withPemFiles<Value>(
  certificates: readonly { readonly der: Bytes }[],
  use: (files: readonly string[]) => Promise<Value>,
): Promise<Value> {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-corpus-'));
  try {
    const files = certificates.map(({ der }, at) => {
      const file = join(folder, `${at}.pem`);
      writeFileSync(file, toPem('CERTIFICATE', der));
      return file;
    });
    return await use(files);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
