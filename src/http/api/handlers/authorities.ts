import { ok } from '../../../kernel/result.js';
import { listAuthorities, readAuthority } from '../../../operations/crl/read-authorities.js';
import { requestCrl } from '../../../operations/crl/request-crl.js';
import type { CrlKind } from '../../../policy/publication/crl-scopes.js';
import type { Handler } from '../handler.js';
import { renderAuthority, renderCrl } from '../render.js';

export const getAuthorities: Handler = async ({ world }, { account }) => {
  const found = await listAuthorities(world, account);
  if (!found.ok) return found;
  return ok({ cas: found.value.map(({ issuer, crls }) => renderAuthority(world, issuer, crls)) });
};

export const getAuthority: Handler = async ({ world }, { account, params }) => {
  const found = await readAuthority(world, account, params.id ?? '');
  return found.ok ? ok(renderAuthority(world, found.value.issuer, found.value.crls)) : found;
};

export const publishAuthorityCrl: Handler = async (context, { account, params, body }) => {
  const { kind } = body as { readonly kind?: CrlKind };
  const published = await requestCrl(context, account, { id: params.id ?? '', kind });
  return published.ok ? ok(renderCrl(published.value, context.world.policy)) : published;
};
