/**
 * Handlers of the histories of certificates, cards and holders, without the names of holders. Each
 * read is recorded in the audit log.
 */
import { entryDocument } from '../../../audit/shown.js';
import { formatInstant } from '../../../kernel/clock.js';
import type { Json } from '../../../kernel/json.js';
import { ok } from '../../../kernel/result.js';
import { readCardHistory, readHolderHistory } from '../../../operations/cards/read-history.js';
import { readCertificateHistory } from '../../../operations/certificates/read-history.js';
import { recordReading } from '../../../operations/certificates/record-reading.js';
import { reasonOf, renderSummary } from '../../../operations/certificates/summary-rows.js';
import type { NumberedStatusEvent } from '../../../ports/store/statuses.js';
import type { Handler } from '../handler.js';
import { renderCard, renderProcedure } from '../handlers/cards.js';
import { renderUpdateRow } from '../render-updates.js';

export const getCertificateHistory: Handler = async ({ world }, { account, params }) => {
  const read = await readCertificateHistory(world, account, params.id ?? '');
  if (!read.ok) return read;
  const { certificate, events, entries, renews, renewedBy, order } = read.value;
  const recorded = await recordReading(world, account, { serials: [certificate.serial] });
  if (!recorded.ok) return recorded;
  return ok({
    certificate: renderSummary(world, certificate),
    events: events.map(renderEvent),
    entries: entries === null ? null : entries.map(entryDocument),
    renews: renews === null ? null : renderSummary(world, renews),
    renewedBy: renewedBy.map((one) => renderSummary(world, one)),
    order: order === null ? null : { id: order.orderId, line: order.line },
    update: certificate.updateId,
  });
};

export const getCardHistory: Handler = async ({ world }, { account, params }) => {
  const recorded = await recordReading(world, account, { card: params.tokenId ?? '' });
  if (!recorded.ok) return recorded;
  const read = await readCardHistory(world, account, params.tokenId ?? '');
  if (!read.ok) return read;
  const { card, certificates, updates, replaces, procedure } = read.value;
  return ok({
    ...renderCard(world, { card, certificates }),
    certificates: certificates.map((one) => renderSummary(world, one)),
    updates: updates.map(renderUpdateRow),
    replaces,
    procedure: procedure === null ? null : renderProcedure(procedure),
  });
};

export const getHolderHistory: Handler = async ({ world }, { account, params }) => {
  const recorded = await recordReading(world, account, { holder: params.idNat ?? '' });
  if (!recorded.ok) return recorded;
  const read = await readHolderHistory(world, account, params.idNat ?? '');
  if (!read.ok) return read;
  const { holderId, record, cards, certificates, procedures } = read.value;
  return ok({
    holder: holderId,
    state: record?.state ?? 'free',
    stateAt: record === null ? null : formatInstant(record.stateAt),
    cards: cards.map((card) => {
      const onCard = certificates.filter(({ cardTokenId }) => cardTokenId === card.tokenId);
      return renderCard(world, { card, certificates: onCard });
    }),
    certificates: certificates.map((one) => renderSummary(world, one)),
    procedures: procedures.map(renderProcedure),
  });
};

function renderEvent({ at, actor, state, auditSeq }: NumberedStatusEvent): Json {
  return { at: formatInstant(at), actor, status: state.status, reason: reasonOf(state), entry: auditSeq };
}
