/**
 * Knows the current OCSP responders of the issuing CAs. Each has the certificate from the ceremony,
 * or the newest renewed one. Workers renew the certificates (`responder-renewal.ts`); processes
 * that answer OCSP requests adopt those that others have renewed.
 */
import { equalBytes } from '../../kernel/bytes.js';
import { MINUTE_MS } from '../../kernel/duration.js';
import { type DelegatedResponder, type OcspAuthority, respondersOf } from '../../ocsp/responder.js';
import { newestResponder, type RenewalWorld, type ResponderOfIssuer } from '../../operations/status/renew-responder.js';
import type { Store } from '../../ports/store.js';
import type { Issuer } from '../../x509/model.js';
import type { RunJob } from '../job.js';

export type CurrentResponders = {
  /** Returns the same array until a responder changes. */
  readonly authorities: () => readonly OcspAuthority[];
  /** Returns each responder with its issuer. */
  readonly all: () => readonly ResponderOfIssuer[];
  /** Adopts every certificate that others renewed. */
  readonly adopt: () => Promise<void>;
  /**
   * Adopts the newest certificate of one responder and returns it; without a newer one, returns the
   * present one.
   */
  readonly adoptNewest: (renewing: ResponderOfIssuer) => Promise<DelegatedResponder>;
  /** Replaces the responder that has the same key. */
  readonly replace: (issuer: Issuer, responder: DelegatedResponder) => Promise<void>;
};

export const adoptRespondersJob: RunJob<{ readonly responders: CurrentResponders }, 'responder'> = {
  name: 'responders-adopt',
  scope: 'run',
  roles: ['responder'],
  everyMs: MINUTE_MS,
  isEssential: false,
  alsoRuns: [],
  prepare: ({ responders }) => ({ run: responders.adopt }),
};

/**
 * Creates the responders of a process. `save` writes a certificate to the file from which the next
 * start reads it, and from which the signer of the CA reads it for its approved keys.
 */
export function createCurrentResponders(
  world: Pick<RenewalWorld, 'policy' | 'clock' | 'log'> & { readonly store: Pick<Store, 'read'> },
  initial: readonly OcspAuthority[],
  save: (issuer: Issuer, responder: DelegatedResponder) => Promise<void>,
): CurrentResponders {
  const { log } = world;
  let authorities = initial;

  const all = (): readonly ResponderOfIssuer[] =>
    authorities.flatMap((one) => respondersOf(one).map((responder) => ({ issuer: one.issuer, responder })));

  async function replace(issuer: Issuer, responder: DelegatedResponder): Promise<void> {
    authorities = authorities.map((one) => (one.issuer.id === issuer.id ? withRenewed(one, responder) : one));
    const { keyType: key, notAfter } = responder;
    log.info('responder.renewed', { issuer: issuer.id, key, notAfter: new Date(notAfter).toISOString() });
    try {
      await save(issuer, responder);
    } catch (error) {
      // The failure is only logged, because the certificate is in the database, where the next
      // start finds it.
      log.error('responder.not-saved', { issuer: issuer.id, key, detail: String(error) });
    }
  }

  /**
   * Ends a responder whose certificate was revoked, by an earlier `notAfter`, so that it signs no
   * more responses. It stays in the list until there is another one.
   */
  function endRevoked(
    issuer: Issuer,
    { before, ended }: { readonly before: DelegatedResponder; readonly ended: DelegatedResponder },
  ): void {
    if (before.notAfter === ended.notAfter) return;
    authorities = authorities.map((one) => (one.issuer.id === issuer.id ? withRenewed(one, ended) : one));
    log.error('responder.revoked', { issuer: issuer.id, key: ended.keyType });
  }

  async function adoptNewest({ issuer, responder }: ResponderOfIssuer): Promise<DelegatedResponder> {
    const newest = await newestResponder(world, { issuer, responder });
    if (!newest.ok) log.warn('responder.not-looked-up', { issuer: issuer.id, kind: newest.error.kind });
    else if (newest.value !== null && equalBytes(newest.value.certificate, responder.certificate))
      endRevoked(issuer, { before: responder, ended: newest.value });
    else if (newest.value !== null) await replace(issuer, newest.value);
    return (newest.ok ? newest.value : null) ?? responder;
  }

  return {
    authorities: () => authorities,
    all,
    adopt: async () => {
      for (const one of all()) await adoptNewest(one);
    },
    adoptNewest,
    replace,
  };
}

function withRenewed({ issuer, ...rest }: OcspAuthority, renewed: DelegatedResponder): OcspAuthority {
  const [responder = null, ...others] = respondersOf({ issuer, ...rest }).map((one) =>
    equalBytes(one.keyHash, renewed.keyHash) ? renewed : one,
  );
  return { issuer, responder, others };
}
