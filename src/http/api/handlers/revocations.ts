import { parseInstant } from '../../../kernel/clock.js';
import type { Json } from '../../../kernel/json.js';
import { ok, type Result } from '../../../kernel/result.js';
import type { OperationFailure } from '../../../operations/failures.js';
import {
  type RevokeCommand,
  releaseCertificate,
  revokeCard,
  revokeCertificate,
  revokeHolder,
  suspendCertificate,
} from '../../../operations/revocation/revoke.js';
import type { World } from '../../../operations/world.js';
import type { CertificateRecord } from '../../../ports/store/certificates.js';
import type { RevocationReason } from '../../../ports/store/statuses.js';
import type { ApiRequest, Handler } from '../handler.js';
import { renderCertificate, renderRevokedCertificate } from '../render.js';

function commandOf({ account, body }: ApiRequest): RevokeCommand {
  const { reason } = body as { readonly reason: RevocationReason };
  return { account, reason, invalidityDate: invalidityDateOf(body) };
}

function invalidityDateOf(body: unknown): number | null {
  const { invalidityDate } = body as { readonly invalidityDate?: string };
  return invalidityDate === undefined ? null : parseInstant(invalidityDate);
}

type Outcome<Value> = Result<Value, OperationFailure>;

function one(world: World, changed: Outcome<CertificateRecord>): Outcome<Json> {
  return changed.ok ? ok(renderCertificate(world, changed.value)) : changed;
}

function many(world: World, changed: Outcome<readonly CertificateRecord[]>): Outcome<Json> {
  return changed.ok ? ok({ certificates: changed.value.map((record) => renderCertificate(world, record)) }) : changed;
}

export const postRevocation: Handler = async ({ world }, request) => {
  const revoked = await revokeCertificate(world, request.params.id ?? '', commandOf(request));
  if (!revoked.ok) return revoked;
  return ok(renderRevokedCertificate(world, revoked.value, revoked.value.alsoRevoked));
};

export const postCardRevocation: Handler = async ({ world }, request) =>
  many(world, await revokeCard(world, request.params.tokenId ?? '', commandOf(request)));

export const postHolderRevocation: Handler = async ({ world }, request) =>
  many(world, await revokeHolder(world, request.params.idNat ?? '', commandOf(request)));

export const postSuspension: Handler = async ({ world }, { account, params, body }) =>
  one(world, await suspendCertificate(world, params.id ?? '', { account, invalidityDate: invalidityDateOf(body) }));

export const deleteSuspension: Handler = async ({ world }, { account, params }) =>
  one(world, await releaseCertificate(world, params.id ?? '', { account }));
