/**
 * What others have already that stands in the way of a request: keys, and cards. Asked early, and again in the transaction
 * that spends the serials: what others did meanwhile counts.
 */
import { createHash } from 'node:crypto';
import type { Application, Rejection, Vetted } from '../issuance/prepare.js';
import type { Instant } from '../kernel/clock.js';
import type { Json } from '../kernel/json.js';
import { statusOf } from '../lifecycle/status.js';
import type { Environment, Violation } from '../policy/model.js';
import { cardInUse, type OnCard, profilesDiffer } from '../policy/rules/card-in-use.js';
import type { CertificateRecord, Reads } from '../ports/store.js';

type Asked = {
  readonly applications: readonly Application[];
  /** In the order of the applications. */
  readonly vetted: readonly Vetted[];
  readonly now: Instant;
  readonly environment: Pick<Environment, 'cardsOfOneHolder'>;
};

/** null: nothing stands in the way. */
export async function findClashes(
  reads: Pick<Reads, 'certificatesByKey' | 'certificatesOfCard'>,
  asked: Asked,
): Promise<Rejection | null> {
  const cards = await cardClashes(reads, asked);
  if (cards.length > 0) return { kind: 'policy-violated', violations: cards };
  const keys = await keyClashes(reads, asked);
  return keys.length > 0 ? { kind: 'key-rejected', violations: keys } : null;
}

/**
 * Where the environment says so, a card is one holder's and of one product while anything on it is live; what is asked for
 * together differs in profile.
 */
async function cardClashes(
  reads: Pick<Reads, 'certificatesOfCard'>,
  { applications, vetted, now, environment }: Asked,
): Promise<readonly Violation[]> {
  const onCards = applications.flatMap(({ order: { profile, card }, pointer }, at) => {
    const holderId = vetted[at]?.plan.holderId;
    return card === null || holderId === undefined ? [] : [{ profile, pointer, card, holderId }];
  });
  const violations: Violation[] = [];
  for (const tokenId of new Set(onCards.map(({ card }) => card.tokenId))) {
    const together = onCards.filter(({ card }) => card.tokenId === tokenId);
    violations.push(...profilesDiffer(together));
    if (!environment.cardsOfOneHolder) continue;
    const [first] = together;
    const live = (await reads.certificatesOfCard(tokenId)).flatMap((record) => liveOn(record, now));
    if (first !== undefined) violations.push(...cardInUse(first.card, first.holderId, live));
  }
  return violations;
}

/** An open intent counts: its signature may be on its way. */
function liveOn(record: CertificateRecord, now: Instant): readonly OnCard[] {
  const status = statusOf(record, now);
  if (status === 'revoked' || status === 'expired') return [];
  return [{ holderId: record.holderId, product: productOf(record.card) }];
}

function productOf(card: Json): string {
  const product = typeof card === 'object' && card !== null && 'product' in card ? card.product : undefined;
  return typeof product === 'string' ? product : '';
}

/** Keys of one request all differ; a key serves one holder; a key revoked for compromise never comes back. */
async function keyClashes(
  reads: Pick<Reads, 'certificatesByKey'>,
  { applications, vetted }: Asked,
): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  const seen = new Set<string>();
  for (const [at, { spki, plan }] of vetted.entries()) {
    const pointer = `${applications[at]?.pointer ?? ''}/csr`;
    const key = createHash('sha256').update(spki).digest('hex');
    if (seen.has(key))
      violations.push({ pointer, rule: 'key-differs', message: 'two requests of one card have the same key' });
    seen.add(key);
    const others = await reads.certificatesByKey(key);
    if (others.some(isCompromised)) {
      const message = 'this key was revoked for compromise: make another one';
      violations.push({ pointer, rule: 'key-not-compromised', message });
    }
    if (others.some((other) => !isCompromised(other) && other.holderId !== plan.holderId)) {
      const message = 'another holder has a certificate on this key: make one for this holder';
      violations.push({ pointer, rule: 'key-of-one-holder', message });
    }
  }
  return violations;
}

function isCompromised({ state }: CertificateRecord): boolean {
  return state.status === 'revoked' && state.reason === 'keyCompromise';
}
