/**
 * Authenticates clients by their TLS client certificate. The handshake proves that the client has
 * its private key; behind a proxy, the proxy passes the certificate on. The certificate must be
 * issued by one of our CAs, be in the database byte for byte, be valid, and belong to an account.
 * Without an account it may only act for itself, if the route, the configuration
 * (`holderAuthorities`, not needed for EST) and its profile (`selfService`) allow that. Chain,
 * purpose and revocation are checked at every request (`src/access/client-certificate.ts`). The
 * certificate of a break-glass officer is issued by a CA outside of the hierarchies, and only the
 * account decides whether it is still accepted (ops/decisions/0022).
 */
import type { IncomingMessage } from 'node:http';
import { accountFault, networkFault } from '../../access/account.js';
import { isOfOfficers } from '../../access/break-glass.js';
import {
  type AccountAuthorities,
  CLIENT_STATES,
  certificateFault,
  createVerifiedCache,
  identifyClient,
} from '../../access/client-certificate.js';
import { type CertifiedPrincipal, type SelfAction, statesFor } from '../../access/principal.js';
import type { Bytes } from '../../kernel/bytes.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { World } from '../../operations/world.js';
import type { Policy } from '../../policy/model.js';
import type { Account } from '../../ports/store/accounts.js';
import type { StatusRecord, StoredState } from '../../ports/store/statuses.js';
import type { Log } from '../../ports/world.js';
import { type Fault, fault } from '../../texts/text.js';
import { addressOf, certificateOf } from '../server/client-of.js';
import type { HttpFailure } from './problems.js';

/**
 * Authenticates the client of a request. `self`: the action that the request means for a
 * certificate that acts for itself; null: only accounts can send this request.
 */
export type Authenticate = (
  message: Pick<IncomingMessage, 'socket'>,
  request: {
    readonly log: Log;
    readonly self: SelfAction | null;
    /**
     * Set for EST requests, in which a certificate of any accepted CA may act for itself. `self`:
     * it acts for itself even if it belongs to an account. Left out: the request is not an EST
     * request.
     */
    readonly est?: 'self' | 'account-or-self';
  },
) => Promise<Result<CertifiedPrincipal, RefusedClient>>;

export type RefusedClient = {
  readonly failure: HttpFailure;
  /** The account whose certificate was refused; null: it is not known. */
  readonly accountId: string | null;
  /** SHA-256 of the refused certificate; null: there is none. */
  readonly certificateSha256: string | null;
};

type AuthenticationWorld = Pick<World, 'issuers' | 'store' | 'clock' | 'blockedKeys'> & {
  readonly policy: Pick<Policy, 'profiles'>;
};

/**
 * The CAs whose certificates are accepted. `holders`: ids of the issuing CAs whose certificates may
 * act for themselves.
 */
type ClientAuthorities = AccountAuthorities & { readonly holders: readonly string[] };

/** The statuses in which a certificate authenticates its account. */
const STATES_OF_ACCOUNTS = ['issued'] as const;

export function createAuthenticate(
  world: AuthenticationWorld,
  { authorities, access, holders }: ClientAuthorities,
): Authenticate {
  const verified = createVerifiedCache();
  const accepted = { authorities: [...authorities, ...holders], access };
  return async (message, { log, self, est }) => {
    const der = certificateOf(message);
    if (der === null) return refuseWith({ kind: 'client-certificate-required' }, null, null);
    const refuse = (broken: Fault, account: Account | null = null) =>
      refuseWith({ kind: 'not-permitted', ...broken }, account, der);
    const known = verified(der, () => identifyClient(world.issuers, accepted, der));
    if (known === null) return refuse(fault('certificate-of-this-platform'));
    const found = await world.store.groupedRead(CLIENT_STATES, known);
    if (!found.ok) return refuseWith(found.error, null, der);
    const { status, issuerIsRevoked, recorded } = found.value;
    const { view, kind, issuer, authority } = known;
    // A certificate authenticates an account only if its CA is one that may do so, and never when
    // it acts for itself.
    const isOfAccounts = est !== 'self' && (kind === 'break-glass' || authorities.includes(authority));
    const account = isOfAccounts ? found.value.account : null;
    const selfAction = account === null && (est !== undefined || holders.includes(authority)) ? self : null;
    // The key may have been added to a list of blocked keys after its certificate was issued.
    const keyIsCompromised = found.value.keyIsCompromised || world.blockedKeys.has(known.spkiSha256);
    if (status === null && kind === 'platform') return refuse(fault('certificate-of-this-platform/recorded'));
    const broken = certificateFault({
      tbs: view.tbs,
      kind,
      status,
      states: selfAction === null ? STATES_OF_ACCOUNTS : statesOf(selfAction, est, status),
      mustAuthenticateClients: true,
      issuer,
      issuerIsRevoked,
      isAsRecorded: kind === 'break-glass' || recorded !== null,
      keyIsCompromised,
      now: world.clock(),
    });
    if (broken !== null) return refuse(broken, account);
    if (account === null) {
      const selfService = world.policy.profiles.get(recorded?.profile ?? '')?.selfService ?? [];
      if (selfAction === null || recorded === null || selfService.length === 0) return refuse(fault('account-known'));
      const certificate = { ...recorded, isForAuthentication: true, selfService };
      return ok({ kind: 'self', certificate, via: est === undefined ? 'tls' : 'est' });
    }
    const ended = accountFault(account, world.clock());
    if (ended !== null) return refuse(ended, account);
    const elsewhere = networkFault(account, addressOf(message) ?? '');
    if (elsewhere !== null) return refuse(elsewhere, account);
    if (kind === 'platform') return ok({ kind: 'account', account });
    if (!isOfOfficers(account)) return refuse(fault('break-glass-is-for-officers'), account);
    // A break-glass login is an exception that operators should notice in the log.
    log.warn('account.break-glass', { account: account.id, issuer: issuer.id });
    return ok({ kind: 'account', account });
  };
}

/**
 * Returns the statuses in which a certificate may perform the action for itself. In EST, a
 * certificate that its renewal has superseded may repeat the renewal request, because the answer
 * may have been lost. It cannot renew again: only a certificate with the status issued can.
 */
function statesOf(
  selfAction: SelfAction,
  est: 'self' | 'account-or-self' | undefined,
  status: StatusRecord | null,
): readonly StoredState['status'][] {
  const { state } = status ?? {};
  const isSuperseded = state?.status === 'revoked' && state.reason === 'superseded';
  return est === 'self' && isSuperseded ? ['revoked'] : statesFor(selfAction);
}

function refuseWith(failure: HttpFailure, account: Account | null, der: Bytes | null): Result<never, RefusedClient> {
  return err({ failure, accountId: account?.id ?? null, certificateSha256: der === null ? null : sha256Hex(der) });
}
