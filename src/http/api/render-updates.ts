/** Converts remote updates of cards to the JSON of the API. */
import { formatInstant } from '../../kernel/clock.js';
import { formatDuration } from '../../kernel/duration.js';
import type { Json } from '../../kernel/json.js';
import { isCertificate } from '../../lifecycle/certificate-states.js';
import type { ShownUpdate } from '../../operations/updates/read.js';
import type { World } from '../../operations/world.js';
import type { CardUpdate } from '../../ports/store/cards/card-updates.js';
import { renderCertificate } from './render.js';

export function renderUpdate(world: World, { update, certificates }: ShownUpdate): Json {
  const signed = certificates.filter(isCertificate);
  return { ...renderUpdateRow(update), certificates: signed.map((record) => renderCertificate(world, record)) };
}

export function renderUpdateRow(update: CardUpdate): { readonly [member: string]: Json } {
  const { offeredAt, confirmWithinMs, dueAt } = update;
  return {
    id: update.id,
    card: update.cardTokenId,
    state: update.state,
    stateAt: formatInstant(update.stateAt),
    account: update.accountId,
    campaign: update.campaignId,
    begunAt: formatInstant(update.begunAt),
    replaces: update.oldIds,
    confirmBy: offeredAt === null ? null : formatInstant(offeredAt + confirmWithinMs),
    overlap: formatDuration(update.overlapMs),
    overlapUntil: update.state === 'confirmed' && dueAt !== null ? formatInstant(dueAt) : null,
    supersede: update.supersede,
    channel: update.channel,
    reader: { model: update.reader, middleware: update.middleware },
    endedBy: update.endedBy,
    detail: update.detail,
  };
}
