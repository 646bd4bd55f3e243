/** An account sends what a card has signed to have a certificate, or its whole card, revoked. */
import { decideAccess, subjectOf } from '../../access/decide.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Account } from '../../ports/store/accounts.js';
import { violation } from '../../texts/text.js';
import type { ProofBody } from '../../updates/proof.js';
import { notFound, type OperationFailure } from '../failures.js';
import type { Author } from '../revocation/author.js';
import { type ProofWorld, verifyProof } from './verify-proof.js';

type RelayCommand = {
  readonly account: Account;
  readonly body: ProofBody;
  readonly reason: string;
  /** Whether the request gives an invalidity date, which a card cannot sign. */
  readonly isDated: boolean;
  readonly target: { readonly certificate: string } | { readonly card: string };
};

/**
 * Returns the author of the revocation: the certificate that has signed. The account needs the
 * action `relay-proof`, and the holder in its scope.
 */
export async function relayProof(
  world: ProofWorld,
  { account, body, reason, isDated, target }: RelayCommand,
): Promise<Result<Author, OperationFailure>> {
  const permitted = decideAccess(account, 'relay-proof', null);
  if (!permitted.ok) return permitted;
  if (isDated) return err({ kind: 'invalid-request', ...violation('/invalidityDate', 'invalidity-date-signed') });
  const about = await subjectOfTarget(world, target);
  if (!about.ok) return about;
  const { certificateId, cardTokenId: card } = about.value;
  const asked = { verb: 'revoke', reason, certificate: certificateId } as const;
  const verified = await verifyProof(world, { body, action: 'revoke-self', card, about: about.value, asked });
  if (!verified.ok) return verified;
  const { proof, self, record } = verified.value;
  const inScope = decideAccess(account, 'relay-proof', subjectOf(record));
  return inScope.ok ? ok({ self, proof: { account, proof } }) : inScope;
}

type AboutTarget = { readonly certificateId: string | null; readonly cardTokenId: string | null };

async function subjectOfTarget(
  { store }: Pick<ProofWorld, 'store'>,
  target: RelayCommand['target'],
): Promise<Result<AboutTarget, OperationFailure>> {
  if ('card' in target) return ok({ certificateId: null, cardTokenId: target.card });
  const { certificate: id } = target;
  const found = await store.read((reads) => reads.certificateById(id));
  if (!found.ok) return found;
  if (found.value === null || found.value.signature === null) return err(notFound('no-certificate', { id }));
  return ok({ certificateId: id, cardTokenId: found.value.cardTokenId });
}
