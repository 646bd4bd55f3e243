/**
 * What signs CMP answers: a key of the platform token, with a certificate of the CA for which it
 * answers (RFC 9810 4.5 and 8.6). The keys and certificates come from ceremonies.
 */
import type { CmpSignerCertificate } from '../../cmp/signer-certificate.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { Instant } from '../../kernel/clock.js';
import { DAY_MS, SECOND_MS } from '../../kernel/duration.js';
import { err, type Result } from '../../kernel/result.js';
import type { Signer } from '../../ports/signer.js';
import type { Log } from '../../ports/world.js';
import { text } from '../../texts/text.js';
import { verifySignatureAsync } from '../../x509/keys/algorithms.js';
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
  /** The last second of `certificate`. A ceremony renews it. */
  readonly notAfter: Instant;
  /**
   * Signs a DER ProtectedPart (RFC 9810 5.1.3) as ecdsa-with-SHA256. Returns the DER of
   * ECDSA-Sig-Value. The signer refuses all that is not an answer of this sender.
   */
  readonly sign: (protectedPart: Bytes) => Promise<Result<Bytes, CmpSigningFailure>>;
};

type CmpSigningFailure = Extract<OperationFailure, { readonly kind: 'signer-unavailable' | 'internal-error' }>;

/** Warnings begin this long before a certificate ends: time for a ceremony. */
export const CMP_SIGNER_ENDS_SOON_MS = 90 * DAY_MS;

const WRONG_RETRY_MS = 30 * SECOND_MS;

type SigningWorld = { readonly signer: Pick<Signer, 'platform'>; readonly log: Log };

/** `key`: the label on the token, `cmp-fort`; `authority`: for the log. */
type SignerFacts = {
  readonly authority: string;
  readonly key: string;
  readonly signed: CmpSignerCertificate;
  readonly chain: readonly Bytes[];
};

/** A signature is verified before anybody sees it. */
export function createCmpSigner(
  { signer, log }: SigningWorld,
  { authority, key, signed, chain }: SignerFacts,
): CmpSigner {
  const { certificate, tbs, keyIdentifier, notAfter } = signed;
  return {
    certificate,
    chain,
    subject: tbs.subjectDer,
    keyIdentifier,
    notAfter,
    async sign(data) {
      const signature = await signer.platform({ cmpKey: key }, data);
      if (!signature.ok) {
        const { error } = signature;
        if (error.kind === 'signer-unavailable') return err(error);
        log.error('cmp.not-signed', { authority, rule: error.rule, detail: error.detail });
        return err({ kind: 'internal-error', message: text('cmp-answer-not-signed') });
      }
      const claim = { spki: tbs.spki, algorithm: 'ecdsaWithSha256', data, signature: signature.value } as const;
      if (await verifySignatureAsync(claim)) return signature;
      log.error('cmp.signature-wrong', { authority, key });
      const detail = `the signature of an answer does not verify with the certificate of ${authority}`;
      return err({ kind: 'signer-unavailable', retryAfterMs: WRONG_RETRY_MS, detail });
    },
  };
}
