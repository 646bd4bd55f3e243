/**
 * Checks the rights of a client while it reads an answer of many lines, which may take hours. If
 * the account is disabled meanwhile, its certificate is revoked or its rights change, the answer
 * breaks off, just as a new request would be refused.
 */
import type { CertifiedPrincipal } from '../../access/principal.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { canonicalJson, type Json } from '../../kernel/json.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Log } from '../../ports/world.js';
import type { ApiExchange, ExchangeParts } from './exchange.js';

/** The default time between two checks. */
const RECHECK_MS = 10 * SECOND_MS;

type ReadingClient = { readonly log: Log; readonly account: Account };

/**
 * Yields the lines while the client may read them. Throws when the client may not, which ends the
 * connection.
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
      if (!client.ok || !hasSameRights(client.value, account)) throw new Error('the client may not read this any more');
      checkedAt = performance.now();
    }
    yield line;
  }
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
