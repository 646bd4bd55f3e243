/** From a vetted request to an intent that can be stored and then signed: bytes, lint, record. */
import { intentOf, type RequestFacts } from '../../issuance/intent.js';
import { type EnrolmentFacts, prepare, type VettedRequest } from '../../issuance/prepare.js';
import { assert } from '../../kernel/assert.js';
import type { Instant } from '../../kernel/clock.js';
import { LIMITS } from '../../kernel/limits.js';
import { ok, type Result } from '../../kernel/result.js';
import type { LintFailure } from '../../lint/rule.js';
import type { LintToken } from '../../ports/signer.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import { serialFrom } from '../../x509/certificate/serial-number.js';
import type { Issuer } from '../../x509/model.js';
import type { World } from '../world.js';
import { WRITERS } from '../writers.js';
import { lintFailed } from './lint-failed.js';

export type Intent = {
  readonly record: CertificateRecord;
  readonly issuer: Issuer;
  /** The permission to sign the bytes of the record, which only a passed lint gives. */
  readonly token: LintToken<'certificate'>;
  /** Set for a request by EST or CMP. */
  readonly enrolment?: EnrolmentFacts;
};

/**
 * The certificate of a request by EST or CMP. `modifications`: how it differs from what this
 * request asks for.
 */
export type EnrolledCertificate = Pick<EnrolmentFacts, 'modifications'> & { readonly record: CertificateRecord };

type Preparation = { readonly issuer: Issuer; readonly request: RequestFacts; readonly now: Instant };

/** A lint that fails here is a fault of ours, because the request was vetted before. */
export function prepareIntent(
  world: Pick<World, 'policy' | 'run' | 'random' | 'writers' | 'log' | 'countFindings'>,
  vetted: VettedRequest,
  { issuer, request, now }: Preparation,
): Result<Intent, LintFailure> {
  const { policy, run, random } = world;
  const isSafe = vetted.key.provenBy !== 'confirmation' || request.becomes === 'pending';
  assert(isSafe, 'a key without a proof gets a pending certificate only');
  const serial = serialFrom(random(LIMITS.serialOctets));
  const { certificate: write } = world.writers ?? WRITERS;
  const prepared = prepare(vetted, { policy, issuer, serial, now, write });
  if (!prepared.ok) {
    lintFailed(world, { issuer: issuer.id, profile: vetted.plan.profile.id }, prepared.error.findings);
    return prepared;
  }
  const record = intentOf(prepared.value, request, { policyDigest: policy.digest, at: now, run, random });
  const { enrolment } = vetted;
  return ok({ record, issuer, token: prepared.value.token, ...(enrolment === undefined ? {} : { enrolment }) });
}
