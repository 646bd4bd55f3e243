/**
 * Reads updates. An account sees an update if it sees every certificate that the update replaces;
 * the list of all cards is for those who watch over them.
 */
import { decideAccess } from '../../access/decide.js';
import { present } from '../../kernel/assert.js';
import { groupBy } from '../../kernel/group-by.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CardUpdate, UpdatesPage } from '../../ports/store/cards/card-updates.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import type { GroupedWork, Reads } from '../../ports/store.js';
import { notFound, type OperationFailure } from '../failures.js';
import { visiblePage } from '../visible-page.js';
import type { World } from '../world.js';
import { seesCard } from './on-card.js';

type Outcome<Value> = Promise<Result<Value, OperationFailure>>;

/** An update with its new certificates, in the order of the request. */
export type ShownUpdate = { readonly update: CardUpdate; readonly certificates: readonly CertificateRecord[] };

export type UpdateName = { readonly cardTokenId: string; readonly id: string };

export async function readUpdate({ store }: World, account: Account, name: UpdateName): Outcome<ShownUpdate> {
  const found = await store.read(async (reads) => {
    const visible = await visibleUpdate(reads, account, name);
    return visible === null ? null : shown(reads, visible.update);
  });
  if (!found.ok) return found;
  return found.value === null ? err(notFound('no-update', { id: name.id })) : ok(found.value);
}

type Page = { readonly updates: readonly CardUpdate[]; readonly next: string | null };
type PageFilter = Pick<UpdatesPage, 'state' | 'before' | 'limit'>;

/** Newest first. `next`: the update after which the next page begins; null: there is none. */
export async function listUpdatesOfCard(
  { store }: World,
  account: Account,
  { cardTokenId, ...filter }: PageFilter & { readonly cardTokenId: string },
): Outcome<Page> {
  const found = await store.read(async (reads) => {
    const onCard = await reads.certificatesOfCards([cardTokenId]);
    if (!seesCard(account, onCard)) return null;
    return pageOf(reads, { cardTokenId, ...filter }, async (updates) =>
      updates.filter((update) => seesUpdate(account, update, onCard)),
    );
  });
  if (!found.ok) return found;
  return found.value === null ? err(notFound('no-certificate-on-card', { card: cardTokenId })) : ok(found.value);
}

/** A page may have fewer updates than `limit`, although there are more (`visiblePage`). */
export async function listUpdates({ store }: World, account: Account, filter: PageFilter): Outcome<Page> {
  const permitted = decideAccess(account, 'read-updates', null);
  if (!permitted.ok) return permitted;
  return store.read((reads) =>
    pageOf(reads, { cardTokenId: null, ...filter }, async (updates) => {
      const replaced = await reads.certificatesByIds(updates.flatMap(({ oldIds }) => oldIds));
      return updates.filter((update) => seesUpdate(account, update, replaced));
    }),
  );
}

async function pageOf(
  reads: Pick<Reads, 'updatesPage'>,
  page: UpdatesPage,
  see: (updates: readonly CardUpdate[]) => Promise<readonly CardUpdate[]>,
): Promise<Page> {
  const { items: updates, next } = await visiblePage(
    { after: page.before, limit: page.limit },
    {
      read: (before, limit) => reads.updatesPage({ ...page, before, limit }),
      see,
      nameOfRow: ({ id }) => id,
      nameOf: ({ id }) => id,
    },
  );
  return { updates, next };
}

/** An account sees an update if it sees every certificate that it replaces. */
function seesUpdate(account: Account, { oldIds }: CardUpdate, records: readonly CertificateRecord[]): boolean {
  const replaced = records.filter(({ id }) => oldIds.includes(id));
  return replaced.length > 0 && replaced.every((record) => seesCard(account, [record]));
}

/** `onCard`: all certificates of the card. */
export type VisibleUpdate = { readonly update: CardUpdate; readonly onCard: readonly CertificateRecord[] };

type VisibleReads = Pick<Reads, 'updatesByIds' | 'certificatesOfCards'>;
type AskedUpdate = { readonly account: Account; readonly name: UpdateName };

/** null: there is no such update of the card, or the account does not see it. */
export async function visibleUpdate(
  reads: VisibleReads,
  account: Account,
  name: UpdateName,
): Promise<VisibleUpdate | null> {
  const [found = null] = await visibleUpdates(reads, [{ account, name }]);
  return found;
}

/** As `visibleUpdate`, for several at once, in their order. */
export async function visibleUpdates(
  reads: VisibleReads,
  asked: readonly AskedUpdate[],
): Promise<readonly (VisibleUpdate | null)[]> {
  const found = await reads.updatesByIds([...new Set(asked.map(({ name }) => name.id))]);
  const updates = new Map(found.map((update) => [update.id, update]));
  const cards = found.map(({ cardTokenId }) => cardTokenId);
  const records = groupBy(await reads.certificatesOfCards([...new Set(cards)]), (record) => record.cardTokenId);
  return asked.map(({ account, name: { cardTokenId, id } }) => {
    const update = updates.get(id);
    if (update === undefined || update.cardTokenId !== cardTokenId) return null;
    const onCard = records.get(cardTokenId) ?? [];
    return seesUpdate(account, update, onCard) ? { update, onCard } : null;
  });
}

export async function shown(reads: Pick<Reads, 'certificatesByIds'>, update: CardUpdate): Promise<ShownUpdate> {
  const [one] = await allShown(reads, [update]);
  return present(one, 'an update that is shown');
}

/** As `shown`, for several at once, in their order. */
export async function allShown(
  reads: Pick<Reads, 'certificatesByIds'>,
  updates: readonly CardUpdate[],
): Promise<readonly ShownUpdate[]> {
  const found = await reads.certificatesByIds(updates.flatMap(({ newIds }) => newIds));
  const byUpdate = groupBy(found, ({ updateId }) => updateId);
  return updates.map((update) => shownOf(update, byUpdate.get(update.id) ?? []));
}

/** `records`: its new certificates, and others. */
export function shownOf(update: CardUpdate, records: readonly CertificateRecord[]): ShownUpdate {
  return { update, certificates: update.newIds.flatMap((id) => records.find((one) => one.id === id) ?? []) };
}

/** Updates with their certificates, by their ids. Simultaneous requests share one read. */
export const SHOWN_UPDATES: GroupedWork<Reads, string, ShownUpdate> = {
  run: async (reads, ids) => {
    const updates = await reads.updatesByIds([...new Set(ids)]);
    const all = new Map((await allShown(reads, updates)).map((one) => [one.update.id, one]));
    return ids.map((id) => present(all.get(id), 'an update that is there'));
  },
};
