/** The ceremony that revokes the CA of the ordinary officers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT, type ServiceHome } from '../../../support/service/home.js';

export const ROOT_LIST = 'crl/ACR-FO.crl';
const DECISION = 'ceremony/revoke-fo/revoked/aci-fo-pp.json';

/** Writes the plan into the home folder and returns its path. */
export function writePlan({ folder }: ServiceHome): string {
  const first = readFileSync(join(PACKAGE_ROOT, 'policies/ceremonies/development/fort.json'), 'utf8');
  const [token, key] = ['root-fort', 'ceremony-revoke-fo'];
  const plan = {
    ...(JSON.parse(first) as object),
    id: 'revoke-fo',
    transcriptKey: { token, key },
    steps: [
      { do: 'generate-key', token, key, keyType: 'p-256' },
      { do: 'read-key', token, key: 'acr-fo' },
      {
        do: 'revoke-issuing-authority',
        authority: 'aci-fo-pp',
        issuer: 'acr-fo',
        reason: 'keyCompromise',
        output: DECISION,
      },
      {
        do: 'sign-crl',
        issuer: 'acr-fo',
        token,
        number: 2,
        previous: { number: 1, sha256: '*' },
        nextUpdate: { years: 1 },
        output: ROOT_LIST,
      },
    ],
    outputs: [DECISION, ROOT_LIST],
  };
  const file = join(folder, 'revoke-fo.json');
  writeFileSync(file, JSON.stringify(plan));
  return file;
}
