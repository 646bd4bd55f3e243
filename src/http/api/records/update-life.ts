/** The handler that reads one remote update by its id, with the statements of its card. */
import { toBase64 } from '../../../kernel/bytes.js';
import { formatInstant } from '../../../kernel/clock.js';
import type { Json } from '../../../kernel/json.js';
import { ok } from '../../../kernel/result.js';
import { readUpdateLife } from '../../../operations/updates/read-life.js';
import type { CardProof } from '../../../ports/store/cards/card-updates.js';
import type { Handler } from '../handler.js';
import { renderUpdateRow } from '../render-updates.js';

export const getUpdateLife: Handler = async ({ world }, { account, params }) => {
  const read = await readUpdateLife(world, account, params.id ?? '');
  if (!read.ok) return read;
  const { update, proofs, campaignCard, openApproval } = read.value;
  return ok({
    ...renderUpdateRow(update),
    certificateIds: update.newIds,
    statements: proofs.map(renderStatement),
    deskReason: campaignCard?.reason ?? null,
    approval: openApproval,
  });
};

function renderStatement({ verb, certificateId, acceptedAt, statement, sha256, signature, cms }: CardProof): Json {
  return {
    verb,
    certificate: certificateId,
    acceptedAt: formatInstant(acceptedAt),
    statement,
    sha256,
    signature: signature === null ? null : toBase64(signature),
    cms: cms === null ? null : toBase64(cms),
  };
}
