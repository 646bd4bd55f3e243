/** The handler of the history of the CRLs of one issuer. */
import { formatInstant, instantOrNull } from '../../../kernel/clock.js';
import { SECOND_MS } from '../../../kernel/duration.js';
import type { Json } from '../../../kernel/json.js';
import { err, ok } from '../../../kernel/result.js';
import { readCrlHistory } from '../../../operations/crl/read-history.js';
import { kindOf, parseScope, partitionOf } from '../../../policy/publication/crl-scopes.js';
import type { CrlPosition, CrlRecord } from '../../../ports/store/crls.js';
import { violation } from '../../../texts/text.js';
import type { Handler } from '../handler.js';
import { pageLimit } from '../handlers/certificates.js';

export const getCrlHistory: Handler = async ({ world }, { account, params, query }) => {
  const before = query.cursor === undefined ? null : decodeCursor(query.cursor);
  if (before === undefined) return err({ kind: 'invalid-request', ...violation('?/cursor', 'cursor-known') });
  const asked = { issuer: params.id ?? '', before, limit: pageLimit(query.limit) };
  const read = await readCrlHistory(world, account, asked);
  if (!read.ok) return read;
  const { crls, next } = read.value;
  return ok({ crls: crls.map(renderListed), nextCursor: next === null ? null : encodeCursor(next) });
};

function renderListed(crl: CrlRecord): Json {
  const { number, scope, base, state, thisUpdate, nextUpdate, publishedAt, sizeBytes, entries, sha256 } = crl;
  return {
    number,
    kind: kindOf(scope),
    partition: partitionOf(scope),
    base,
    state,
    thisUpdate: formatInstant(thisUpdate),
    nextUpdate: formatInstant(nextUpdate),
    publishedAt: instantOrNull(publishedAt),
    delaySeconds: publishedAt === null ? null : Math.max(0, publishedAt - thisUpdate) / SECOND_MS,
    sizeBytes,
    entries,
    sha256,
  };
}

/**
 * The decoded form of a cursor of this list: the number 3, which tells it from the cursors of other
 * lists, then thisUpdate, scope and number of the last CRL on the page.
 */
const CURSOR = /^3:(\d{1,16}):([a-z0-9-]{1,32}):(\d{1,16})$/;

function encodeCursor({ thisUpdate, scope, number }: CrlPosition): string {
  return Buffer.from(`3:${thisUpdate}:${scope}:${number}`).toString('base64url');
}

/** Decodes a cursor; undefined: the text is not a cursor of this list. */
function decodeCursor(cursor: string): CrlPosition | undefined {
  const [, thisUpdate, scopeText = '', number] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  const scope = parseScope(scopeText);
  if (thisUpdate === undefined || number === undefined || scope === null) return undefined;
  return { thisUpdate: Number(thisUpdate), scope, number: Number(number) };
}
