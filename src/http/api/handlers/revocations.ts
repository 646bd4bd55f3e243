import { decideAccess } from '../../../access/decide.js';
import { parseInstant } from '../../../kernel/clock.js';
import type { Json } from '../../../kernel/json.js';
import { ok, type Result } from '../../../kernel/result.js';
import type { OperationFailure } from '../../../operations/failures.js';
import { relayProof } from '../../../operations/proofs/relay-proof.js';
import {
  type RevokeCommand,
  releaseCertificate,
  revokeCertificate,
  suspendCertificate,
} from '../../../operations/revocation/revoke.js';
import { revokeCard, revokeHolder } from '../../../operations/revocation/revoke-all.js';
import type { World } from '../../../operations/world.js';
import type { CertificateRecord } from '../../../ports/store/certificates.js';
import type { RevocationReason } from '../../../ports/store/statuses.js';
import type { ProofBody } from '../../../updates/proof.js';
import type { ApiContext, Handler, PrincipalHandler, PrincipalRequest } from '../handler.js';
import { renderCertificate, renderRevokedCertificate } from '../render.js';

type RevocationBody = { readonly reason: RevocationReason; readonly proof?: ProofBody };

/**
 * Makes the command of a revocation: by an account, by a certificate for itself, or by a card whose
 * proof an account passes on. `target`: the certificate or card that the path names.
 */
async function commandOf(
  { world, platformKey }: ApiContext,
  { principal, body }: PrincipalRequest,
  target: { readonly certificate: string } | { readonly card: string },
): Promise<Outcome<RevokeCommand>> {
  const { reason, proof } = body as RevocationBody;
  const invalidityDate = invalidityDateOf(body);
  if (principal.kind === 'self') return ok({ self: principal, proof: null, reason, invalidityDate });
  const { account } = principal;
  if (proof === undefined) {
    // The route also admits accounts that may only pass on proofs, so without a proof the right to
    // revoke is checked here.
    const permitted = decideAccess(account, 'revoke', null);
    return permitted.ok ? ok({ account, reason, invalidityDate }) : permitted;
  }
  const relay = { account, body: proof, reason, isDated: invalidityDate !== null, target };
  const author = await relayProof({ ...world, platformKey }, relay);
  return author.ok ? ok({ ...author.value, reason, invalidityDate }) : author;
}

function invalidityDateOf(body: unknown): number | null {
  const { invalidityDate } = body as { readonly invalidityDate?: string };
  return invalidityDate === undefined ? null : parseInstant(invalidityDate);
}

type Outcome<Value> = Result<Value, OperationFailure>;

function renderOne(world: World, changed: Outcome<CertificateRecord>): Outcome<Json> {
  return changed.ok ? ok(renderCertificate(world, changed.value)) : changed;
}

function renderMany(world: World, changed: Outcome<readonly CertificateRecord[]>): Outcome<Json> {
  return changed.ok ? ok({ certificates: changed.value.map((record) => renderCertificate(world, record)) }) : changed;
}

export const postRevocation: PrincipalHandler = async (context, request) => {
  const { world } = context;
  const id = request.params.id ?? '';
  const command = await commandOf(context, request, { certificate: id });
  if (!command.ok) return command;
  const revoked = await revokeCertificate(world, id, command.value);
  if (!revoked.ok) return revoked;
  return ok(renderRevokedCertificate(world, revoked.value, revoked.value.alsoRevoked));
};

export const postCardRevocation: PrincipalHandler = async (context, request) => {
  const card = request.params.tokenId ?? '';
  const command = await commandOf(context, request, { card });
  return command.ok ? renderMany(context.world, await revokeCard(context.world, card, command.value)) : command;
};

export const postHolderRevocation: Handler = async ({ world }, { account, params, body }) => {
  const { reason } = body as RevocationBody;
  const command = { account, reason, invalidityDate: invalidityDateOf(body) };
  return renderMany(world, await revokeHolder(world, params.idNat ?? '', command));
};

export const postSuspension: Handler = async ({ world }, { account, params, body }) =>
  renderOne(
    world,
    await suspendCertificate(world, params.id ?? '', { account, invalidityDate: invalidityDateOf(body) }),
  );

export const deleteSuspension: Handler = async ({ world }, { account, params }) =>
  renderOne(world, await releaseCertificate(world, params.id ?? '', { account }));
