import { ok } from '../../../kernel/result.js';
import { certifyAccount } from '../../../operations/accounts/certify-account.js';
import type { KeyOrigin } from '../../../ports/store/certificates.js';
import type { Handler } from '../handler.js';
import { renderCertificate } from '../render.js';

export const postAccountCertificate: Handler = async ({ world }, { account, params, body }) => {
  const { csr, keyOrigin = null } = body as { readonly csr: string; readonly keyOrigin?: KeyOrigin };
  const certified = await certifyAccount(world, { officer: account, accountId: params.id ?? '', csr, keyOrigin });
  return certified.ok ? ok(renderCertificate(world, certified.value)) : certified;
};
