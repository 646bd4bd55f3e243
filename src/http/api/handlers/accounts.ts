import { formatInstant, instantOrNull } from '../../../kernel/clock.js';
import type { Json } from '../../../kernel/json.js';
import { ok } from '../../../kernel/result.js';
import { statusOf } from '../../../lifecycle/certificate-states.js';
import { certifyAccount } from '../../../operations/accounts/certify-account.js';
import {
  listAccounts,
  readAccount,
  type ShownAccount,
  type ShownCredential,
} from '../../../operations/accounts/read-accounts.js';
import type { World } from '../../../operations/world.js';
import type { KeyOrigin } from '../../../ports/store/certificates.js';
import type { Handler } from '../handler.js';
import { renderCertificate } from '../render.js';
import { pageLimit } from './certificates.js';

export const postAccountCertificate: Handler = async ({ world }, { account, params, body, idempotency }) => {
  const { csr, keyOrigin = null } = body as { readonly csr: string; readonly keyOrigin?: KeyOrigin };
  const command = { officer: account, accountId: params.id ?? '', csr, keyOrigin, idempotency };
  const certified = await certifyAccount(world, command);
  return certified.ok ? ok(renderCertificate(world, certified.value)) : certified;
};

export const getAccounts: Handler = async ({ world }, { account, query }) => {
  const page = await listAccounts(world, account, { after: query.cursor ?? null, limit: pageLimit(query.limit) });
  if (!page.ok) return page;
  const { accounts, next } = page.value;
  return ok({ accounts: accounts.map((one) => renderAccount(world, one)), nextCursor: next });
};

export const getAccount: Handler = async ({ world }, { account, params }) => {
  const read = await readAccount(world, account, params.id ?? '');
  return read.ok ? ok(renderAccount(world, read.value)) : read;
};

function renderAccount(world: World, { lastEntry, ...account }: ShownAccount): Json {
  const { limits, networks, expiresAt, structure } = account;
  const { id, name, roles, scope, disabled, createdAt, credentials } = account;
  return {
    id,
    name,
    roles,
    scope: { ...scope },
    limits: { ...limits },
    networks,
    expiresAt: instantOrNull(expiresAt),
    structure,
    enabled: !disabled,
    createdAt: formatInstant(createdAt),
    credentials: credentials.map((one) => renderCredential(world, one)),
    lastAct:
      lastEntry === null
        ? null
        : { at: formatInstant(lastEntry.keys.at), type: lastEntry.keys.type, entry: lastEntry.seq },
  };
}

function renderCredential({ clock }: World, { issuer, spkiSha256, certificate }: ShownCredential): Json {
  return {
    issuer,
    spkiSha256,
    certificate: certificate?.id ?? null,
    serialNumber: certificate?.serial ?? null,
    status: certificate === null ? null : statusOf(certificate, clock()),
    notAfter: certificate === null ? null : formatInstant(certificate.notAfter),
  };
}
