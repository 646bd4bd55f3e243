import { type Bytes, concat, equalBytes, toHex, utf8 } from '../kernel/bytes.js';
import { createSha256 } from '../kernel/digest.js';

export type BackupFault =
  /** It is neither a CMS EnvelopedData nor a tar archive that `pfcng backup` has written. */
  | { readonly kind: 'no-backup'; readonly detail: string }
  /** It is encrypted, and no key was given. */
  | { readonly kind: 'key-missing' }
  /** It is encrypted for other keys than the one that was given. */
  | { readonly kind: 'wrong-key' }
  /** It ends too early. */
  | { readonly kind: 'truncated' }
  /** It has been changed since it was written. */
  | { readonly kind: 'damaged'; readonly detail: string };

/** Thrown while a backup is read; `readBackup` returns its fault. */
export class BackupFaultError extends Error {
  override readonly name = 'BackupFaultError';
  readonly fault: BackupFault;

  constructor(fault: BackupFault) {
    super(faultText(fault));
    this.fault = fault;
  }
}

export function damaged(detail: string): BackupFaultError {
  return new BackupFaultError({ kind: 'damaged', detail });
}

export function faultText(fault: BackupFault): string {
  switch (fault.kind) {
    case 'no-backup':
      return `this is no backup of pfcng: ${fault.detail}`;
    case 'key-missing':
      return 'the backup is encrypted: name the file with the private key of a recipient (--key FILE)';
    case 'wrong-key':
      return 'the backup is not encrypted for this key';
    case 'truncated':
      return 'the backup is not complete: it ends too early';
    case 'damaged':
      return `the backup is damaged: ${fault.detail}`;
  }
}

/**
 * The final block of a backup, 512 octets that follow the end of the tar archive: the SHA-256 of
 * everything before it. AES-CBC has no integrity of its own, and the hashes in the manifest cover
 * neither the headers nor the padding of the archive. `tar` stops at the end of the archive, so
 * that it does not read this block.
 */

/** A tar archive consists of blocks of this size (POSIX pax, ustar interchange format). */
const BLOCK_BYTES = 512;

const LABEL = utf8('SHA-256 of the octets before this block: ');

/** `digest`: SHA-256 of what was written. */
export function finalBlock(digest: Bytes): Bytes {
  const block = new Uint8Array(BLOCK_BYTES);
  block.set(concat([LABEL, utf8(`${toHex(digest)}\n`)]));
  return block;
}

/**
 * Passes on the archive without its final block. At the end it throws `BackupFaultError` if the
 * block is missing or its hash does not match. `before` is hashed ahead of the archive.
 */
export async function* withoutFinalBlock(source: AsyncIterable<Bytes>, before: Bytes): AsyncGenerator<Bytes> {
  const digest = createSha256();
  digest.update(before);
  let held: Bytes = new Uint8Array(0);
  for await (const chunk of source) {
    const all = held.length === 0 ? chunk : concat([held, chunk]);
    const ready = all.subarray(0, Math.max(0, all.length - BLOCK_BYTES));
    held = new Uint8Array(all.subarray(ready.length));
    digest.update(ready);
    if (ready.length > 0) yield ready;
  }
  if (held.length < BLOCK_BYTES || !equalBytes(held.subarray(0, LABEL.length), LABEL))
    throw new BackupFaultError({ kind: 'truncated' });
  if (!equalBytes(held, finalBlock(digest.digest())))
    throw new BackupFaultError({ kind: 'damaged', detail: 'its SHA-256 is not the one in its last block' });
}
