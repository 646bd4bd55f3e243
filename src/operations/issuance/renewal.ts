/**
 * Whether a certificate may be renewed now. RFC 3647 calls this a re-key (4.7): the same holder and
 * profile with a new key. The old key is never certified again, so its section 4.6 (renewal) does
 * not apply. The old certificate stays valid until its end, or until it is revoked as superseded
 * when the new one is in use.
 *
 * A lost or compromised key is not renewed: its certificate is revoked, and another one is ordered.
 */
import { formatInstant, type Instant } from '../../kernel/clock.js';
import { DAY_MS } from '../../kernel/duration.js';
import { canonicalJson } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { statusOf } from '../../lifecycle/certificate-states.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import { fault, text, type Violation, violation } from '../../texts/text.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';

type RenewableCertificate = Pick<CertificateRecord, 'profile' | 'state' | 'notAfter'>;

/** Checks its state, and the renewal window of its profile in the present policy. */
export function decideRenewal(
  { policy, clock }: Pick<World, 'policy' | 'clock'>,
  old: RenewableCertificate,
): Result<void, OperationFailure> {
  const now = clock();
  const state = renewalConflict(old, { now, fromSuspended: false });
  if (state !== null) return err(state);
  if (policy.environment.renewalAnyTime) return ok(undefined);
  const window = policy.profiles.get(old.profile)?.renewalWindow;
  if (window === undefined) return refuse(violation('', 'renewal-allowed', { profile: old.profile }));
  const opensAt = old.notAfter - window.days * DAY_MS;
  if (now >= opensAt) return ok(undefined);
  return refuse(violation('', 'renewal-window', { from: formatInstant(opensAt), days: window.days }));
}

/**
 * null: its state allows it. The transaction that uses the serial number checks it again.
 * `fromSuspended`: a campaign lets suspended keys begin an update.
 */
export function renewalConflict(
  old: RenewableCertificate,
  { now, fromSuspended }: { readonly now: Instant; readonly fromSuspended: boolean },
): OperationFailure | null {
  const status = statusOf(old, now);
  if (status === 'issued' || (fromSuspended && status === 'suspended')) return null;
  return {
    kind: 'state-conflict',
    ...fault('renewal-of-issued', { status: status ?? text('not-signed-yet') }),
  };
}

/**
 * For the audit log: whether the evidence of identity came with the request, or is that of the old
 * certificate.
 */
export function evidenceFrom(renewed: CertificateRecord, renewal: CertificateRecord): 'renewed' | 'request' | 'none' {
  if (renewal.identity === null) return 'none';
  return canonicalJson(renewal.identity) === canonicalJson(renewed.identity) ? 'renewed' : 'request';
}

function refuse(broken: Violation): Result<never, OperationFailure> {
  return err({ kind: 'policy-violated', violations: [broken] });
}
