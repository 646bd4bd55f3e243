/** Why a backup cannot be read. */

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
