/** For whom a message acts. */
import { isForClientAuthentication } from '../../../access/certificate-checks.js';
import { actorOf, type Principal, type SelfPrincipal } from '../../../access/principal.js';
import type { PkiMessage } from '../../model.js';
import { uninterrupted } from '../interruption.js';
import type { CheckWorld, FoundTransaction } from '../world.js';
import { namesCertificate } from './revoked.js';
import type { Signer } from './signer.js';

/**
 * A certificate that is bound to an account acts as the account if its CA may authenticate
 * accounts, as in TLS. A kur, and an rr that names the certificate itself, come from the
 * certificate itself. A later message may belong to either; its transaction decides.
 */
export function candidatesOf(
  { profiles, accountAuthorities }: Pick<CheckWorld, 'profiles' | 'accountAuthorities'>,
  { bodyKind, bodyContent }: PkiMessage,
  signer: Signer,
): readonly Principal[] {
  const { known, state } = signer;
  const self = selfOf(profiles, signer);
  const isOfAccounts = known.kind === 'break-glass' || accountAuthorities.includes(known.authority);
  const account: readonly Principal[] =
    state.account === null || !isOfAccounts ? [] : [{ kind: 'account', account: state.account }];
  if (bodyKind === 'kur' || (bodyKind === 'rr' && namesCertificate(bodyContent, known.view.tbs))) return self;
  const isLater = bodyKind === 'certConf' || bodyKind === 'pollReq' || bodyKind === 'error';
  return isLater || account.length === 0 ? [...account, ...self] : account;
}

/** Empty: a certificate of the access CA, which the database does not have. */
function selfOf(profiles: CheckWorld['profiles'], { known, state: { recorded } }: Signer): readonly SelfPrincipal[] {
  if (recorded === null) return [];
  const selfService = profiles.get(recorded.profile)?.selfService ?? [];
  const isForAuthentication = isForClientAuthentication(known.view.tbs);
  return [{ kind: 'self', certificate: { ...recorded, isForAuthentication, selfService }, via: 'cmp' }];
}

type ChosenPrincipal = FoundTransaction & { readonly principal: Principal | null };

/** The candidate that has the transaction, or else the first. */
export async function choosePrincipal(
  { transactions }: Pick<CheckWorld, 'transactions'>,
  { header: { transactionID } }: PkiMessage,
  candidates: readonly Principal[],
): Promise<ChosenPrincipal> {
  let chosen: ChosenPrincipal = { principal: candidates[0] ?? null, transaction: null, open: null };
  if (transactionID === null) return chosen;
  for (const principal of candidates) {
    const found = uninterrupted(await transactions.of(actorOf(principal), transactionID));
    if (found.transaction !== null) return { principal, ...found };
    if (principal === chosen.principal) chosen = { principal, ...found };
  }
  return chosen;
}
