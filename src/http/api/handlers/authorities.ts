import { decideAccess } from '../../../access/decide.js';
import { accountActor } from '../../../audit/actors.js';
import type { Bilingual } from '../../../kernel/bilingual.js';
import type { Json } from '../../../kernel/json.js';
import { err, ok } from '../../../kernel/result.js';
import type { World } from '../../../operations/world.js';
import type { CrlKind } from '../../../policy/publication/crl-scopes.js';
import type { Reads } from '../../../ports/store.js';
import { text } from '../../../texts/text.js';
import type { Issuer } from '../../../x509/model.js';
import type { Handler } from '../handler.js';
import { type LatestCrls, renderAuthority, renderCrl } from '../render.js';

export const listAuthorities: Handler = async ({ world }, { account }) => {
  const permitted = decideAccess(account, 'read', null);
  if (!permitted.ok) return permitted;
  const cas = await world.store.read(async (reads) => {
    const rendered: Json[] = [];
    // One query after the other: pg does not allow concurrent queries on a connection.
    for (const issuer of world.issuers.all())
      rendered.push(renderAuthority(world, issuer, await listsOf(reads, issuer)));
    return rendered;
  });
  return cas.ok ? ok({ cas: cas.value }) : cas;
};

export const getAuthority: Handler = async ({ world }, { account, params }) => {
  const permitted = decideAccess(account, 'read', null);
  if (!permitted.ok) return permitted;
  const issuer = find(world, params.id);
  if (issuer === null) return err({ kind: 'not-found', message: noAuthority(params.id) });
  const lists = await world.store.read((reads) => listsOf(reads, issuer));
  return lists.ok ? ok(renderAuthority(world, issuer, lists.value)) : lists;
};

async function listsOf(reads: Reads, { id }: Issuer): Promise<LatestCrls> {
  return { full: await reads.latestCrl(id), delta: await reads.latestCrl(id, 'delta') };
}

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
