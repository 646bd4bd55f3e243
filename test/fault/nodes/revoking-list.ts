/** A list of a root that revokes the CA of the ordinary officers. */
import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT_LIST, writePlan } from '../../integration/service/accounts/revoke-ca-plan.js';
import { isNoSocket, type ServiceHome } from '../../support/service/home.js';
import { runPfcng } from '../../support/service/service.js';

/** The ceremony has a copy of the home folder, because signers use the tokens of the other one. */
export async function revokingList(at: ServiceHome): Promise<Buffer> {
  const home = join(at.folder, 'ceremony-home');
  cpSync(at.home, home, { recursive: true, filter: isNoSocket });
  const performed = await runPfcng({ ...at, home }, 'ceremony', 'perform', '--played', writePlan(at));
  assert.equal(performed.status, 0, performed.stderr);
  return readFileSync(join(home, ROOT_LIST));
}
