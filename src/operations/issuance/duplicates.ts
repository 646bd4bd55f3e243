/**
 * Requests for what exists already: certificates on the same card, of the same holder and profile,
 * with the same key. A request of the API gets another certificate unless the environment refuses
 * it; a line of an order is a duplicate, and uses no serial number. In an order, a card is issued
 * once.
 */
import type { Instant } from '../../kernel/clock.js';
import { lineOfClaim, type OrderLine } from '../../orders/progress.js';
import type { Environment } from '../../policy/model.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import { fault } from '../../texts/text.js';
import type { OperationFailure } from '../failures.js';
import { type ExistingUses, isLive } from './clashes.js';

type AskedAgain = {
  /** The certificates that are asked for. */
  readonly records: readonly CertificateRecord[];
  /** null: a request of the API. */
  readonly line: OrderLine | null;
  readonly now: Instant;
  readonly environment: Pick<Environment, 'duplicatesRefused'>;
};

type DuplicateOutcome =
  | { readonly kind: 'none' }
  /** Every certificate of a line exists. */
  | { readonly kind: 'duplicate'; readonly certificates: readonly CertificateRecord[] }
  /** What decides is an open intent, whose signature may be on its way. */
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'refused'; readonly clash: OperationFailure };

const NONE: DuplicateOutcome = { kind: 'none' };

export function findDuplicates(existing: ExistingUses, asked: AskedAgain): DuplicateOutcome {
  const { records, line, environment } = asked;
  if (line === null && !environment.duplicatesRefused) return NONE;
  const earlier = line === null ? NONE : earlierInOrder(existing, records, line);
  if (earlier.kind !== 'none') return earlier;
  const found = records.map((record) => liveTwin(existing, record, asked.now));
  const twins = found.flatMap((twin) => twin ?? []);
  if (twins.length === 0) return NONE;
  if (line === null) return refused('card-has-this-certificate');
  if (twins.some(({ state }) => state.status === 'open')) return { kind: 'in-progress' };
  return twins.length === records.length
    ? { kind: 'duplicate', certificates: twins }
    : refused('card-partly-duplicate');
}

/** What became of the card in an earlier line of the same order. */
function earlierInOrder(
  { onCard }: ExistingUses,
  [first]: readonly CertificateRecord[],
  { orderId }: OrderLine,
): DuplicateOutcome {
  const tokenId = first?.cardTokenId ?? null;
  if (tokenId === null) return NONE;
  const ofOrder = onCard(tokenId).filter(({ claim }) => lineOfClaim(claim)?.orderId === orderId);
  if (ofOrder.some(({ state }) => state.status === 'open')) return { kind: 'in-progress' };
  return ofOrder.some(({ signature }) => signature !== null) ? refused('card-once-in-order') : NONE;
}

/** The newest live certificate, or open intent, that is asked for again. */
function liveTwin(
  { byKey }: ExistingUses,
  { cardTokenId, holderId, profile, spkiSha256 }: CertificateRecord,
  now: Instant,
): CertificateRecord | undefined {
  if (cardTokenId === null) return undefined;
  const twins = byKey(spkiSha256).filter(
    (other) =>
      other.cardTokenId === cardTokenId &&
      other.holderId === holderId &&
      other.profile === profile &&
      isLive(other, now),
  );
  // Ids ascend in time.
  return twins.sort((one, other) => (one.id < other.id ? -1 : 1)).at(-1);
}

function refused(rule: 'card-has-this-certificate' | 'card-partly-duplicate' | 'card-once-in-order'): DuplicateOutcome {
  return { kind: 'refused', clash: { kind: 'state-conflict', ...fault(rule) } };
}
