import { decideAccess } from '../../../access/decide.js';
import { accountActor } from '../../../audit/actors.js';
import type { Bilingual } from '../../../kernel/bilingual.js';
import { err, ok } from '../../../kernel/result.js';
import { listAuthorities, readAuthority } from '../../../operations/crl/read-authorities.js';
import type { World } from '../../../operations/world.js';
import type { CrlKind } from '../../../policy/publication/crl-scopes.js';
import { text } from '../../../texts/text.js';
import type { Issuer } from '../../../x509/model.js';
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

export const publishAuthorityCrl: Handler = async ({ world, publishCrl }, { account, params, body }) => {
  const permitted = decideAccess(account, 'publish-crl', null);
  if (!permitted.ok) return permitted;
  const issuer = find(world, params.id);
  if (issuer === null || issuer.kind === 'root') {
    const message = issuer === null ? noAuthority(params.id) : text('root-crl-in-ceremony');
    return err({ kind: 'not-found', message });
  }
  const { kind } = body as { readonly kind?: CrlKind };
  const details = { id: issuer.id, kind: kind ?? ('full' as const) };
  const event = { at: world.clock(), type: 'crl.requested', actor: accountActor(account.id), details } as const;
  const recorded = await world.store.transaction((tx) => tx.appendAudit([event]));
  if (!recorded.ok) return recorded;
  const published = await publishCrl(issuer.id, kind);
  return published.ok ? ok(renderCrl(published.value, world.policy)) : published;
};

/** `id` is the id of a generation; the id of the first generation is the id of the CA. */
function find({ issuers }: World, id: string | undefined): Issuer | null {
  return issuers.all().find((issuer) => issuer.id === id) ?? null;
}

function noAuthority(id = ''): Bilingual {
  return text('no-authority', { id });
}
