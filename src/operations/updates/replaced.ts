/**
 * The certificates that an update replaces, and its terms: one certificate in force for each
 * request, of the set of the certificate that has signed. The policy of each profile says whether
 * and when it is updated remotely.
 */
import { formatInstant } from '../../kernel/clock.js';
import { DAY_MS } from '../../kernel/duration.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { statusOf } from '../../lifecycle/certificate-states.js';
import type { UpdatePolicy } from '../../policy/card-policy.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import { type Violation, violation } from '../../texts/text.js';
import type { BeginTerms } from '../campaigns/update-hooks.js';
import type { OperationFailure } from '../failures.js';
import type { World } from '../world.js';
import { isReplaced } from './on-card.js';

type ReplacementRequest = {
  readonly requests: readonly { readonly profile: string }[];
  readonly onCard: readonly CertificateRecord[];
  /** The certificate whose key has signed for the new ones. */
  readonly signer: CertificateRecord;
  /** What the campaign of the card allows. */
  readonly campaign: BeginTerms;
};

type ReplacedSet = {
  /** In the order of the requests. */
  readonly records: readonly CertificateRecord[];
  readonly terms: UpdatePolicy;
};

/**
 * Where profiles differ, the shortest time to confirm, the longest overlap, and `revoke` apply.
 * Outside of campaigns, the windows of all certificates must be open, because a set is replaced
 * together.
 */
export function findReplaced(
  world: World,
  { requests, onCard, signer, campaign }: ReplacementRequest,
): Result<ReplacedSet, OperationFailure> {
  const now = world.clock();
  const violations: Violation[] = [];
  const records: CertificateRecord[] = [];
  const policies: UpdatePolicy[] = [];
  for (const [at, { profile }] of requests.entries()) {
    const pointer = `/requests/${at}/profile`;
    const update = world.policy.profiles.get(profile)?.update ?? null;
    const old = presentOf(profile, onCard, { signer, now, fromSuspended: campaign.fromSuspended });
    if (update === null) violations.push(violation(pointer, 'update-allowed', { profile }));
    else if (old === null) violations.push(violation(pointer, 'update-allowed/nothing-to-replace', { profile }));
    else {
      if (campaign.campaignId === null) violations.push(...windowViolations(world, old, { pointer, now }));
      records.push(old);
      policies.push(update);
    }
  }
  if (violations.length > 0) return err({ kind: 'policy-violated', violations });
  const terms = {
    confirmWithinMs: Math.min(...policies.map(({ confirmWithinMs }) => confirmWithinMs)),
    overlapMs: Math.max(...policies.map(({ overlapMs }) => overlapMs)),
    supersede: campaign.supersede ?? supersedeOf(policies),
  } as const;
  return ok({ records, terms });
}

function supersedeOf(policies: readonly UpdatePolicy[]): UpdatePolicy['supersede'] {
  return policies.every(({ supersede }) => supersede === 'let-end') ? 'let-end' : 'revoke';
}

/**
 * Finds the certificate of a profile that a new one replaces. If there are several, it prefers one
 * of the same update as the signer's, then the newest. null: there is none.
 */
function presentOf(
  profile: string,
  onCard: readonly CertificateRecord[],
  {
    signer,
    now,
    fromSuspended,
  }: { readonly signer: CertificateRecord; readonly now: number; readonly fromSuspended: boolean },
): CertificateRecord | null {
  const isInForce = (record: CertificateRecord): boolean => {
    const status = statusOf(record, now);
    return (status === 'issued' || (fromSuspended && status === 'suspended')) && !isReplaced(record, onCard);
  };
  const inForce = onCard.filter((record) => record.profile === profile && isInForce(record));
  const ofSet = inForce.filter(({ updateId }) => updateId === signer.updateId);
  return ofSet.at(-1) ?? inForce.at(-1) ?? null;
}

function windowViolations(
  { policy }: World,
  old: CertificateRecord,
  { pointer, now }: { readonly pointer: string; readonly now: number },
): readonly Violation[] {
  if (policy.environment.renewalAnyTime) return [];
  const { profile, notAfter } = old;
  const window = policy.profiles.get(profile)?.renewalWindow;
  if (window === undefined) return [violation(pointer, 'update-allowed', { profile })];
  const opensAt = notAfter - window.days * DAY_MS;
  if (now >= opensAt) return [];
  return [violation(pointer, 'update-window', { from: formatInstant(opensAt), days: window.days })];
}
