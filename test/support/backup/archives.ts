/** Archives of backups in memory. */
import type { BackupKey, Envelope } from '../../../src/backup/envelope.js';
import type { BackupFacts, BackupManifest } from '../../../src/backup/manifest.js';
import { readBackup } from '../../../src/backup/read.js';
import { type BackupPart, type Sink, writeBackup } from '../../../src/backup/write.js';
import { type Bytes, concat } from '../../../src/kernel/bytes.js';

export const FACTS: BackupFacts = {
  environment: 'development',
  installation: '00112233445566778899aabbccddeeff',
  node: '0011223344556677',
  software: '1.0.0',
  takenAt: '2026-11-29T06:50:18.000Z',
  database: { kind: 'postgresql', level: 1, rows: { certificates: 3 } },
  audit: { seq: 17, chainHash: 'ab'.repeat(32) },
  crls: [{ issuer: 'aci-el-org', scope: 'full', number: 4 }],
};

/** Parts by name. The octets are collected unless `sink` takes them. */
export async function archiveOf(
  parts: Readonly<Record<string, Bytes | AsyncIterable<Bytes>>>,
  { sink, envelope = null }: { readonly sink?: Sink; readonly envelope?: Envelope | null } = {},
): Promise<{ readonly octets: Bytes; readonly manifest: BackupManifest }> {
  const written: Bytes[] = [];
  async function* listed(): AsyncGenerator<BackupPart> {
    for (const [name, content] of Object.entries(parts)) {
      yield { name, content: content instanceof Uint8Array ? sourceOf(content) : content };
    }
  }
  const collect: Sink = async (octets) => void written.push(new Uint8Array(octets));
  const manifest = await writeBackup({ facts: FACTS, parts: listed(), envelope }, sink ?? collect);
  return { octets: concat(written), manifest };
}

/** Chunks of uneven sizes, as a pipe has them. */
export async function* sourceOf(octets: Bytes): AsyncGenerator<Bytes> {
  for (let at = 0, size = 1; at < octets.length; at += size, size = 1 + ((size * 7) % 65_521)) {
    yield octets.subarray(at, at + size);
  }
}

/** Reads all parts, by name. */
export async function readAll(octets: Bytes, key: BackupKey = null) {
  const found: Record<string, Bytes> = {};
  const outcome = await readBackup(sourceOf(octets), {
    key,
    onPart: async ({ name, content }) => {
      found[name] = await contentOf(content);
    },
  });
  return { outcome, found };
}

async function contentOf(content: AsyncIterable<Bytes>): Promise<Bytes> {
  const chunks: Bytes[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return concat(chunks);
}

/** Octets that do not repeat within a piece. */
export function patternOf(length: number): Bytes {
  return Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8) * 17 + (at >> 16)) & 0xff);
}
