/** Cards with certificates, and campaigns about them, in a database without a service. */
import { recordIdFrom } from '../../../src/issuance/intent.js';
import { present } from '../../../src/kernel/assert.js';
import { populatePage } from '../../../src/operations/campaigns/populate.js';
import type {
  Campaign,
  CampaignCard,
  CampaignChanges,
  CampaignDocument,
  CampaignState,
} from '../../../src/ports/store/cards/campaigns.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { Store } from '../../../src/ports/store.js';
import { testPolicy } from '../../unit/policy/fixtures.js';
import { unwrap } from '../db/fixture.js';
import { certify, intent, NOW } from '../db/records.js';

export const AUTHENTICATION = 'fort/cps-authentication';
export const SIGNATURE = 'fort/cps-signature';

export const EVERY_CARD = {
  kind: 'criteria',
  issuers: null,
  profiles: null,
  keyTypes: null,
  keyMadeFrom: null,
  keyMadeUntil: null,
  products: null,
  generations: null,
  appletBelow: null,
} as const;

export function documentOf(changes: Partial<CampaignDocument> = {}): CampaignDocument {
  return {
    name: 'roca',
    reason: 'superseded',
    selection: EVERY_CARD,
    classes: [
      {
        name: 'all',
        select: { kind: 'criteria', products: null, professions: null },
        opensAt: null,
        capacityPerHour: 60,
      },
    ],
    fromSuspended: false,
    channel: 'any',
    supersede: null,
    attemptsMax: 2,
    ...changes,
  };
}

export function campaignRecord(changes: Partial<Campaign> = {}): Campaign {
  return {
    id: recordIdFrom(NOW, new Uint8Array(10)),
    document: documentOf(),
    state: 'preparing',
    stateAt: NOW,
    createdBy: 'officer',
    createdAt: NOW,
    dates: { suspension: null, revocation: null },
    action: null,
    fixedAt: NOW,
    populatedTo: '',
    lists: [],
    version: 1,
    ...changes,
  };
}

export function cardNumber(number: number): string {
  return `8025000001/${String(number).padStart(10, '0')}`;
}

/** The authentication and the signature certificate of a card. */
export function certificatesOf(number: number, from: Partial<CertificateRecord> = {}): readonly CertificateRecord[] {
  return [AUTHENTICATION, SIGNATURE].map((profile, at) => {
    const id = recordIdFrom(NOW - 1_000, new Uint8Array(10).fill(0).fill(number * 2 + at, 9));
    const cardTokenId = cardNumber(number);
    return intent(number * 2 + at, {
      id,
      createdAt: NOW - 1_000,
      profile,
      cardTokenId,
      holderId: holderOf(number),
      ...from,
    });
  });
}

function holderOf(number: number): string {
  return `81${String(number).padStart(10, '0')}`;
}

/** Puts cards in use, each with two certificates. */
export async function insertCards(
  store: Store,
  numbers: readonly number[],
  facts: { readonly product?: string; readonly profession?: string } = {},
): Promise<void> {
  unwrap(
    await store.transaction(async (tx) => {
      const { product = 'cps', profession = '10' } = facts;
      const cards = numbers.map((number) => ({
        tokenId: cardNumber(number),
        product,
        holderId: holderOf(number),
        profession,
      }));
      await tx.putCardsInUse(cards, NOW);
      for (const number of numbers) for (const record of certificatesOf(number)) await certify(tx, record);
    }),
  );
}

export async function insertCampaign(store: Store, campaign: Campaign): Promise<void> {
  unwrap(await store.transaction((tx) => tx.insertCampaign(campaign)));
}

/** Writes the whole population. */
export async function populate(store: Store, id: string): Promise<void> {
  const world = { store, clock: () => NOW, policy: testPolicy() };
  while (unwrap(await populatePage(world, id)));
}

export async function campaignOf(store: Store, id: string): Promise<Campaign> {
  return present(unwrap(await store.read((reads) => reads.campaign(id))), 'the campaign');
}

export async function change(store: Store, id: string, changes: CampaignChanges): Promise<void> {
  const { version } = await campaignOf(store, id);
  unwrap(await store.transaction((tx) => tx.changeCampaign(id, version, changes)));
}

/** A populated campaign, which is open. */
export async function openedCampaign(
  store: Store,
  changes: Partial<Campaign> = {},
  state: CampaignState = 'open',
): Promise<Campaign> {
  const campaign = campaignRecord(changes);
  await insertCampaign(store, campaign);
  await populate(store, campaign.id);
  await change(store, campaign.id, { state });
  return campaignOf(store, campaign.id);
}

export async function cardsOf(store: Store, campaignId: string): Promise<readonly CampaignCard[]> {
  return unwrap(await store.read((reads) => reads.campaignCardsPage({ campaignId, after: '', limit: 10_000 })));
}

/** The numbers of cards by class, state and reason, as counted. */
export async function countsOf(store: Store, campaignId: string): Promise<Readonly<Record<string, number>>> {
  const counts = unwrap(await store.read((reads) => reads.campaignCounts(campaignId)));
  return Object.fromEntries(
    counts
      .filter(({ reader, middleware, count }) => reader === '' && middleware === '' && count > 0)
      .map(({ class: className, state, reason, count }) => [`${className} ${state} ${reason}`.trim(), count])
      .sort(),
  );
}

/** As `countsOf`, but counted from the cards themselves. */
export async function countedCards(store: Store, campaignId: string): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { class: className, state, reason } of await cardsOf(store, campaignId)) {
    const key = `${className} ${state} ${reason ?? ''}`.trim();
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).sort());
}
