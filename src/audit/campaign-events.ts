/** Audit entries about campaigns: a part of the catalogue (`events.ts`). */
import { count, countsOrDigest, instant, list, matching, nullable, oneOf, optional, tagged, text } from './members.js';

const uuid = matching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
const sha256 = matching(/^[0-9a-f]{64}$/);
const card = tagged('card');

/** A campaign as the change leaves it. */
const campaign = {
  id: uuid,
  state: oneOf('draft', 'preparing', 'ready', 'open', 'paused', 'ended'),
  suspendsAt: nullable(instant),
  revokesAt: nullable(instant),
  suspensionArmedAt: nullable(instant),
  revocationArmedAt: nullable(instant),
  /** The date that the entry is about, and when it is or was. */
  date: optional(oneOf('suspension', 'revocation')),
  dateAt: optional(instant),
  /** Certificates that were suspended, revoked or released. */
  changed: optional(count),
  /** Cards by their states; for an uploaded list, their number under the name of its class. */
  cards: optional(countsOrDigest(1_024)),
  /** The two officers who decided it, and their approval. */
  officers: optional(list(text(128), 2)),
  approval: optional(uuid),
} as const;

export const CAMPAIGN_EVENTS = {
  'campaign.created': { outcome: 'success', details: { ...campaign, documentSha256: sha256 } },
  'campaign.list-stored': { outcome: 'success', details: campaign },
  'campaign.ready': { outcome: 'success', details: campaign },
  'campaign.opened': { outcome: 'success', details: campaign },
  'campaign.paused': { outcome: 'success', details: campaign },
  'campaign.resumed': { outcome: 'success', details: campaign },
  'campaign.dates-set': { outcome: 'success', details: campaign },
  'campaign.armed': { outcome: 'success', details: campaign },
  'campaign.date-reached': { outcome: 'intent', details: campaign },
  /** The date was not armed, or the campaign was not open: nothing happened. */
  'campaign.date-missed': { outcome: 'failure', details: campaign },
  'campaign.suspended': { outcome: 'success', details: campaign },
  'campaign.revoked': { outcome: 'success', details: campaign },
  'campaign.release-decided': { outcome: 'intent', details: campaign },
  'campaign.released': { outcome: 'success', details: campaign },
  'campaign.ended': { outcome: 'success', details: campaign },
  'campaign.card-to-desk': { outcome: 'success', details: { id: uuid, card, reason: text(32) } },
  /** One entry for each upload of notices, with their numbers by result. */
  'campaign.notices-recorded': { outcome: 'success', details: { id: uuid, results: countsOrDigest(256) } },
} as const;
