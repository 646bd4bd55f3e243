/** What opens an encrypted backup. */
import type { KeyObject } from 'node:crypto';
import type { ContentKey } from '../x509/content-key.js';

/** How the content is decrypted. null: no key is at hand, and the backup must be plain. */
export type BackupKey =
  | { readonly kind: 'private-key'; readonly key: KeyObject }
  /** The key of the content itself; only the process that has just written the backup has it. */
  | { readonly kind: 'content-key'; readonly key: ContentKey }
  | null;
