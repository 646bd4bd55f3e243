import type { Bytes } from '../../src/kernel/bytes.js';
import type { Result } from '../../src/kernel/result.js';
import type { IssuerId } from '../../src/ports/signer.js';
import type { KeyType } from '../../src/x509/model.js';
import type { JournalEvent } from '../journal/journal-entry.js';
import type { TokenFailure } from '../pkcs11/failures.js';

export type SignerKey = {
  readonly keyType: KeyType;
  /** Signs a digest made with the hash of `keyType`. Only the signer core calls it. */
  sign(digest: Bytes): Promise<Result<Bytes, TokenFailure>>;
};

/** A request that passed the checks, with the hashes for the journal and for the signature. */
export type CheckedRequest = {
  readonly issuer: IssuerId;
  readonly key: SignerKey;
  readonly event: JournalEvent & { readonly sha256: string };
  readonly digest: Bytes;
  /** For a certificate: how many certificates of its profile may be signed in an hour. */
  readonly cap?: { readonly profile: string; readonly perHourMax: number };
};
