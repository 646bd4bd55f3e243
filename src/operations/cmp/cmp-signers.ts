/**
 * What signs CMP answers: a key of the platform token, with a certificate of the CA for which it
 * answers (RFC 9810 4.5 and 8.6). The keys and certificates come from ceremonies.
 */
import type { Bytes } from '../../kernel/bytes.js';
import type { Result } from '../../kernel/result.js';
import type { OperationFailure } from '../failures.js';

export type CmpSigners = {
  /** `authority`: `aci-el-org`; null: no ceremony has certified a CMP key for this authority. */
  readonly of: (authority: string) => CmpSigner | null;
};

export type CmpSigner = {
  /** DER, with the purpose id-kp-cmcCA. */
  readonly certificate: Bytes;
  /** DER certificates from the CA that issued `certificate` upwards, without the root. */
  readonly chain: readonly Bytes[];
  /** DER of the Name in `certificate`, which is the sender of the answers. */
  readonly subject: Bytes;
  /** The subjectKeyIdentifier in `certificate`, which is the senderKID of the answers. */
  readonly keyIdentifier: Bytes;
  /**
   * Signs a DER ProtectedPart (RFC 9810 5.1.3) as ecdsa-with-SHA256. Returns the DER of
   * ECDSA-Sig-Value. The signer refuses all that is not an answer of this sender.
   */
  readonly sign: (protectedPart: Bytes) => Promise<Result<Bytes, CmpSigningFailure>>;
};

export type CmpSigningFailure = Extract<OperationFailure, { readonly kind: 'signer-unavailable' | 'internal-error' }>;
