import { randomUUID } from 'node:crypto';
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import { present } from '../../../src/kernel/assert.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import { openServiceStore } from '../service/database.js';
import type { ServiceHome } from '../service/home.js';
import { unwrap } from './fixture.js';

/**
 * Adds an account that authenticates with a certificate of `aci-el-org`, in the database: the API
 * adds accounts by two officers only. Returns its id.
 */
export async function bindAccount(
  at: Pick<ServiceHome, 'database'>,
  certificateId: string,
  { roles, scope }: Pick<Account, 'roles' | 'scope'>,
): Promise<string> {
  const id = `test-${randomUUID()}`;
  const store = await openServiceStore(at);
  const added = await store.transaction(async (tx) => {
    const record = present(await tx.certificateById(certificateId), 'the certificate of the account');
    await tx.insertAccount({
      id,
      name: id,
      roles,
      scope,
      credentials: [{ issuer: 'aci-el-org' as IssuerId, spkiSha256: record.spkiSha256 }],
      disabled: false,
      ...ACCOUNT_DEFAULTS,
      createdAt: Date.now(),
    });
  });
  await store.close();
  unwrap(added);
  return id;
}
