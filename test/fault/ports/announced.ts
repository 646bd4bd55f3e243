/** The promise of the outbox: each change that endpoints hear of has its event, and no more. */
import { EVENT_TOPICS } from '../../../src/ports/store/outbox/events.js';
import type { Snapshot } from './facts.js';
import type { Facts } from './promises.js';

/** What the audit log says, and what the outbox says: both in both directions. */
export function unannounced({ crashed, settled }: Facts): readonly string[] {
  return [crashed, settled].flatMap((snapshot) => {
    const expected = countOf(expectedEvents(snapshot));
    const found = countOf(snapshot.events.map(foundEvent));
    return [...new Set([...expected.keys(), ...found.keys()])].flatMap((event) => {
      const [wanted, there] = [expected.get(event) ?? 0, found.get(event) ?? 0];
      return wanted === there ? [] : [`${event}: ${there} events instead of ${wanted}`];
    });
  });
}

/** The audit log has a tag of the number of a card, so events about cards are only counted. */
function foundEvent({ topic, subject }: Snapshot['events'][number]): string {
  return topic === 'card.opposed' ? topic : `${topic} ${subject}`;
}

/**
 * Items of mass revocations and lines of orders have no events of their own, and intents were never
 * certificates.
 */
function expectedEvents({ audit, chain, certificates, massRevoked, ofLines }: Snapshot): readonly string[] {
  const signed = new Set(certificates.flatMap(({ id, signature }) => (signature === null ? [] : [id])));
  const becomesPending = new Set(certificates.flatMap(({ id, becomes }) => (becomes === 'pending' ? [id] : [])));
  const ofCampaigns = new Set(chain.flatMap(({ seq, keys }) => (keys.actor.startsWith('campaign:') ? [seq] : [])));
  return audit.flatMap(({ seq, type, details }) => {
    // What a campaign does to certificates has one event, that of the campaign.
    if (ofCampaigns.has(seq) && type.startsWith('certificate.')) return [];
    const { id, issuer, line, state, certificate } = details as Readonly<
      Record<'id' | 'issuer' | 'line' | 'state' | 'certificate', string>
    >;
    switch (type) {
      case 'crl.published':
        return [`${type} ${issuer}`];
      case 'card.opposed':
        return [type];
      case 'card.read-back-differs':
        return [`${type} ${id}/${line}`];
      case 'order.finished':
        return [`order.${state} ${id}`];
      case 'order.accepted':
      case 'order.paused':
      case 'mass-revocation.completed':
      case 'approval.requested':
      case 'update.undetermined':
      case 'update.completed':
        return [`${type} ${id}`];
      case 'campaign.card-to-desk':
        return [`card.to-desk ${id}`];
      case 'certificate.issued':
        return ofLines.includes(id) || becomesPending.has(id) ? [] : [`${type} ${id}`];
      case 'update.confirmed':
        return certificates.filter(({ updateId }) => updateId === id).map((one) => `certificate.issued ${one.id}`);
      case 'cmp.confirmed':
        return [`certificate.issued ${certificate}`];
      case 'update.contradicted':
        return [`card.to-desk ${id}`];
      case 'certificate.revoked':
        return massRevoked.includes(id) || !signed.has(id) ? [] : [`${type} ${id}`];
      case 'certificate.suspended':
      case 'certificate.released':
        return signed.has(id) ? [`${type} ${id}`] : [];
      default:
        return isTopic(type) && type.startsWith('campaign.') ? [`${type} ${id}`] : [];
    }
  });
}

function isTopic(type: string): boolean {
  return (EVENT_TOPICS as readonly string[]).includes(type);
}

function countOf(events: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const event of events) counts.set(event, (counts.get(event) ?? 0) + 1);
  return counts;
}
