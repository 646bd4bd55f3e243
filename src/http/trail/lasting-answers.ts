/**
 * Answers of many lines. They last for as long as their client reads, which may be hours. The
 * account may be disabled, its certificate revoked or its rights changed meanwhile, and then the
 * answer breaks off, as every further request of the account is refused.
 */
import type { CertifiedPrincipal } from '../../access/principal.js';
import { SECOND_MS } from '../../kernel/duration.js';
import { canonicalJson, type Json } from '../../kernel/json.js';
import type { Account } from '../../ports/store/accounts.js';
import type { Log } from '../../ports/world.js';
import type { ApiExchange, ExchangeParts } from './exchange.js';

/** The time between two checks of a client that reads. */
const RECHECK_MS = 10 * SECOND_MS;

type LastingClient = { readonly log: Log; readonly account: Account };

/** The lines, while the client of the request may still read them; throws from then on. */
export async function* whilePermitted<Line>(
  { authenticate, recheckMs = RECHECK_MS }: Pick<ExchangeParts, 'authenticate' | 'recheckMs'>,
  { req }: Pick<ApiExchange, 'req'>,
  { lines, log, account }: LastingClient & { readonly lines: AsyncIterable<Line> },
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

/** The lines were chosen by the rights that the account had when it asked. */
function hasSameRights(client: CertifiedPrincipal, { id, roles, scope }: Account): boolean {
  if (client.kind !== 'account' || client.account.id !== id) return false;
  const rightsOf = (one: Pick<Account, 'roles' | 'scope'>): string =>
    canonicalJson({ roles: one.roles, scope: one.scope } as unknown as Json);
  return rightsOf(client.account) === rightsOf({ roles, scope });
}
