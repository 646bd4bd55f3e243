/**
 * The signature over the stored bytes of an intent, verified before anybody sees it. One that does not verify is never released:
 * the signer is told, which replaces what made it, and is asked once more for the same bytes, linted anew.
 */
import type { Bytes } from '../../kernel/bytes.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { err, type Result } from '../../kernel/result.js';
import { lintCertificate } from '../../lint/certificate/lint.js';
import type { Linted, SignerFailure } from '../../ports/signer.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import { verifySignatureAside } from '../../x509/keys/algorithms.js';
import type { Issuer } from '../../x509/model.js';
import type { World } from '../world.js';

type Asked = {
  readonly record: Pick<CertificateRecord, 'id' | 'serial' | 'profile' | 'tbs'>;
  readonly issuer: Issuer;
  readonly token: Linted<'certificate'>;
};

/** By then another process has the token, and recovery finishes the intent if nobody else does. */
const RETRY_AFTER_MS = 5 * SECOND_MS;

export async function signRecord(
  world: Pick<World, 'signer' | 'policy' | 'log'>,
  { record, issuer, token }: Asked,
): Promise<Result<Bytes, SignerFailure>> {
  const first = await world.signer.certificate(token, record.profile);
  if (!first.ok || (await isSignatureOf(issuer, record.tbs, first.value))) return first;
  await doubt(world, { record, issuer }, first.value);
  const profile = world.policy.profiles.get(record.profile);
  const { environment } = world.policy;
  const again = profile && lintCertificate({ tbs: record.tbs, issuer, profile, environment });
  if (!again?.ok) return unavailable('its bytes no longer pass the lint');
  const second = await world.signer.certificate(again.value, record.profile);
  if (!second.ok || (await isSignatureOf(issuer, record.tbs, second.value))) return second;
  await doubt(world, { record, issuer }, second.value);
  return unavailable(`no signature of ${issuer.id} over the stored bytes, twice`);
}

/** The last check before anything is released: this issuer's key, over exactly these bytes. */
function isSignatureOf(
  { spki, signatureAlgorithm: algorithm }: Issuer,
  data: Bytes,
  signature: Bytes,
): Promise<boolean> {
  return verifySignatureAside({ spki, algorithm, data, signature });
}

async function doubt(
  { signer, log }: Pick<World, 'signer' | 'log'>,
  { record: { id, serial }, issuer }: Pick<Asked, 'record' | 'issuer'>,
  signature: Bytes,
): Promise<void> {
  log.error('signature.wrong', { id, issuer: issuer.id, serial });
  await signer.doubt('certificate', issuer.id, signature);
}

function unavailable(detail: string): Result<never, SignerFailure> {
  return err({ kind: 'signer-unavailable', retryAfterMs: RETRY_AFTER_MS, detail });
}
