/**
 * Sends answers of many lines. As this may take hours, the rights of the client are checked again
 * meanwhile. The answer breaks off if the account is disabled, its certificate is revoked, its
 * rights change, or they cannot be checked.
 */
import { Readable } from 'node:stream';
import type { CertifiedPrincipal } from '../../access/principal.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { errorStack } from '../../kernel/errors.js';
import { canonicalJson, type Json } from '../../kernel/json.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Log } from '../../ports/world.js';
import type { ApiExchange, ExchangeParts } from './exchange.js';

/** The default time between two checks. */
const RECHECK_MS = 10 * SECOND_MS;

type ReadingClient = { readonly log: Log; readonly account: Account };

/**
 * Sends the text as fast as the client reads. If the text breaks off, the reason is logged, and the
 * connection is closed before the end of the response, so that the client notices. Nothing is
 * logged when the client leaves.
 */
export function sendText(ctx: ApiExchange, text: AsyncIterable<string | Uint8Array>, log: Log): void {
  // Without objectMode the buffer is limited in bytes; one text may contain many lines.
  ctx.body = Readable.from(text, { objectMode: false }).on('error', (error) => {
    const { requestId, route } = ctx.state;
    log.warn('http.answer-broken-off', { requestId, route: route?.path ?? null, message: errorStack(error) });
    ctx.res.destroy();
  });
}

/**
 * Yields the lines while the client may read them. Throws when a check refuses the client or finds
 * that its rights have changed; this ends the connection.
 */
export async function* yieldWhilePermitted<Line>(
  { authenticate, recheckMs = RECHECK_MS }: Pick<ExchangeParts, 'authenticate' | 'recheckMs'>,
  { req }: Pick<ApiExchange, 'req'>,
  { lines, log, account }: ReadingClient & { readonly lines: AsyncIterable<Line> },
): AsyncGenerator<Line, void> {
  let checkedAt = performance.now();
  for await (const line of lines) {
    if (performance.now() - checkedAt >= recheckMs) {
      const client = await authenticate(req, { log, self: null });
      if (!client.ok || !hasSameRights(client.value, account)) throw new Error(refusalOf(client));
      checkedAt = performance.now();
    }
    yield line;
  }
}

function refusalOf(client: Awaited<ReturnType<ExchangeParts['authenticate']>>): string {
  return client.ok ? 'the rights of the account have changed' : `the client is refused: ${client.error.failure.kind}`;
}

/**
 * Whether the account still has the rights that it had when it sent the request, by which the lines
 * were chosen.
 */
function hasSameRights(client: CertifiedPrincipal, { id, roles, scope }: Account): boolean {
  if (client.kind !== 'account' || client.account.id !== id) return false;
  const rightsOf = (one: Pick<Account, 'roles' | 'scope'>): string =>
    canonicalJson({ roles: one.roles, scope: one.scope } as unknown as Json);
  return rightsOf(client.account) === rightsOf({ roles, scope });
}
