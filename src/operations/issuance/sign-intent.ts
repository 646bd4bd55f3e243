/**
 * Signs the stored bytes of an intent, and verifies the signature before anybody sees it. A
 * signature that does not verify is never released: the signer is told, replaces what made it,
 * and is asked once more for the same bytes, which are linted again.
 */
import type { Bytes } from '../../kernel/bytes.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { err, type Result } from '../../kernel/result.js';
import { lintCertificate } from '../../lint/certificate/lint.js';
import type { IssuerId, LintToken, Signer, SignerFailure } from '../../ports/signer.js';
import { verifySignatureAsync } from '../../x509/keys/algorithms.js';
import type { World } from '../world.js';
import type { Intent } from './prepare-intent.js';

/**
 * The signer has one request for certificates of holders, and another for those of OCSP
 * responders.
 */
export type CertificateSigner = {
  readonly sign: (token: LintToken<'certificate'>, profile: string) => Promise<Result<Bytes, SignerFailure>>;
  /** Reports a signature that did not verify. */
  readonly reportBadSignature: (issuer: IssuerId, signature: Bytes) => Promise<void>;
};

export function holderSigner(signer: Pick<Signer, 'certificate' | 'reportBadSignature'>): CertificateSigner {
  return {
    sign: (token, profile) => signer.certificate(token, profile),
    reportBadSignature: (issuer, signature) => signer.reportBadSignature('certificate', issuer, signature),
  };
}

/** Responder certificates are signed by the process that signs CRLs. */
export function responderSigner(
  signer: Pick<Signer, 'responderCertificate' | 'reportBadSignature'>,
): CertificateSigner {
  return {
    sign: (token, profile) => signer.responderCertificate(token, profile),
    reportBadSignature: (issuer, signature) => signer.reportBadSignature('crl', issuer, signature),
  };
}

/** By then another process has the token, and recovery finishes the intent if nobody else does. */
const RETRY_AFTER_MS = 5 * SECOND_MS;

export async function signIntent(
  world: Pick<World, 'policy' | 'log'>,
  certificateSigner: CertificateSigner,
  { record, issuer, token }: Intent,
): Promise<Result<Bytes, SignerFailure>> {
  const first = await signVerified(world, certificateSigner, { record, issuer, token });
  if (first !== 'wrong') return first;
  const profile = world.policy.profiles.get(record.profile);
  const { environment } = world.policy;
  const again = profile && lintCertificate({ tbs: record.tbs, issuer, profile, environment });
  if (!again?.ok) return unavailable('its bytes no longer pass the lint');
  const second = await signVerified(world, certificateSigner, { record, issuer, token: again.value });
  return second === 'wrong' ? unavailable(`no signature of ${issuer.id} over the stored bytes, twice`) : second;
}

/**
 * Verifying is the last check before anything is released: this issuer's key, over exactly these
 * bytes.
 */
async function signVerified(
  { log }: Pick<World, 'log'>,
  certificateSigner: CertificateSigner,
  { record, issuer, token }: Intent,
): Promise<Result<Bytes, SignerFailure> | 'wrong'> {
  const signed = await certificateSigner.sign(token, record.profile);
  if (!signed.ok) return signed;
  const { spki, signatureAlgorithm: algorithm } = issuer;
  const signature = signed.value;
  if (await verifySignatureAsync({ spki, algorithm, data: record.tbs, signature })) return signed;
  log.error('signature.wrong', { id: record.id, issuer: issuer.id, serial: record.serial });
  await certificateSigner.reportBadSignature(issuer.id, signature);
  return 'wrong';
}

function unavailable(detail: string): Result<never, SignerFailure> {
  return err({ kind: 'signer-unavailable', retryAfterMs: RETRY_AFTER_MS, detail });
}
