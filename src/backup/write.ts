/**
 * Writes a backup as a stream: a tar archive of the parts and the manifest, then the final block.
 * Nothing needs to be known of a part before it is read: a part that is longer than a piece is
 * written as numbered pieces, which `cat` puts together again.
 */
import { createTarPacker } from 'modern-tar';
import { assert } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';
import { toHex } from '../kernel/bytes.js';
import { createSha256 } from '../kernel/digest.js';
import { createContentWriter, type Envelope } from './envelope.js';
import { finalBlock } from './fault.js';
import {
  type BackupFacts,
  type BackupManifest,
  inPieces,
  isPartName,
  MANIFEST_FORM,
  MANIFEST_NAME,
  manifestBytes,
  type PartDigest,
  pieceName,
} from './manifest.js';

export type BackupPart = { readonly name: string; readonly content: AsyncIterable<Bytes> };

/** Takes the octets in their order; the next ones come when the promise is fulfilled. */
export type Sink = (octets: Bytes) => Promise<void>;

type BackupContent = {
  readonly facts: BackupFacts;
  /** Each part is read to its end before the next one is taken. */
  readonly parts: AsyncIterable<BackupPart>;
  /** null: the backup is written unencrypted. */
  readonly envelope: Envelope | null;
};

type TarControl = ReturnType<typeof createTarPacker>['controller'];

/**
 * Rejects with the error of a part or of the sink; then what was written is no backup. Returns the
 * manifest that is in the backup.
 */
export async function writeBackup(content: BackupContent, sink: Sink): Promise<BackupManifest> {
  const { send, end } = await openOutput(content.envelope, sink);
  const { readable, controller } = createTarPacker();
  const packed = pack(content, controller);
  packed.catch((thrown: unknown) => controller.error(thrown));
  try {
    for await (const chunk of readable) await send(chunk);
    await end();
  } finally {
    // If the sink fails, the packer stops at its next piece, and closes the part that it reads.
    await packed.catch(() => undefined);
  }
  return packed;
}

/** Hashes what is written, and encrypts it. */
async function openOutput(envelope: Envelope | null, sink: Sink) {
  const digest = createSha256();
  const writer = envelope === null ? null : createContentWriter(envelope.contentKey);
  const deliver = async (octets: Bytes) => {
    const written = writer === null ? octets : writer.write(octets);
    if (written.length > 0) await sink(written);
  };
  if (envelope !== null) {
    digest.update(envelope.head);
    await sink(envelope.head);
  }
  return {
    send: async (octets: Bytes) => {
      digest.update(octets);
      await deliver(octets);
    },
    end: async () => {
      await deliver(finalBlock(digest.digest()));
      if (writer !== null) await sink(writer.end());
    },
  };
}

async function pack({ facts, parts }: BackupContent, control: TarControl): Promise<BackupManifest> {
  const mtime = new Date(facts.takenAt);
  const add = async (name: string, octets: Bytes) => {
    const entry = control.add({ name, size: octets.length, mtime, mode: 0o600 }).getWriter();
    if (octets.length > 0) await entry.write(octets);
    await entry.close();
  };
  const digests: PartDigest[] = [];
  for await (const { name, content } of parts) {
    assert(isPartName(name) && name !== MANIFEST_NAME, 'the name of a part is a relative path');
    const digest = createSha256();
    let bytes = 0;
    for await (const { octets, number } of inPieces(content)) {
      digest.update(octets);
      bytes += octets.length;
      await add(pieceName(name, number), octets);
    }
    digests.push({ name, bytes, sha256: toHex(digest.digest()) });
  }
  const manifest = { form: MANIFEST_FORM, ...facts, parts: digests } as const;
  await add(MANIFEST_NAME, manifestBytes(manifest));
  control.finalize();
  return manifest;
}
