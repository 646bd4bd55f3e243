import { loadHome } from '../../src/compose-home.js';
import { prepare, vet } from '../../src/issuance/prepare.js';
import { checkCertificate } from '../../src/lint/certificate.js';
import { CERTIFICATE_RULES } from '../../src/lint/rules.js';
import { subjectOf, readLinting } from '../../src/lint/certificate.js';
import { readIssuers } from '../../src/compose-issuers.js';
import { makeCsr, makeKey } from '../support/service-csr.js';
import { orderOf, type ProfileId } from '../support/service-orders.js';
import { makeServiceHome, removeServiceHome } from '../support/service-home.js';
import { randomBytes } from 'node:crypto';
import { createJudge } from '../../hsm/judge.js';
void createJudge;

const at = await makeServiceHome('p-256');
process.env.PFCNG_HOME = at.home; process.env.PFCNG_CONFIG = at.configFile;
const home = loadHome();
if (!home.ok) throw new Error(JSON.stringify(home.error));
const issuers = readIssuers(home.value);
if (!issuers.ok) throw new Error(issuers.error);
const { policy } = home.value;
for (const id of (process.argv[2] ?? 'elementaire/org-auth-cli,fort/cps-authentication').split(',') as ProfileId[]) {
  const profile = policy.profiles.get(id)!;
  const issuer = issuers.value.current(profile.authority)!;
  const now = Date.now();
  const vetted = vet({ order: { card: null, identity: null, validity: { notBefore: null, notAfter: null }, ...orderOf(id) } as never, csr: makeCsr(makeKey()), pointer: '' }, { policy, issuer, now });
  if (!vetted.ok) throw new Error(JSON.stringify(vetted.error));
  const serial = randomBytes(16); serial[0]! &= 0x7f; serial[0]! |= 1;
  const p = prepare(vetted.value, { policy, issuer, serial, now });
  if (!p.ok) throw new Error(JSON.stringify(p.error));
  const tbs = p.value.tbs;
  const place = Buffer.from(tbs).indexOf(serial);
  const ctx = { issuer, profile, environment: policy.environment, now };
  const N = 20000;
  const once = (i: number) => { const t = new Uint8Array(tbs); t[place + 5] = i; t[place + 6] = i >> 8; const r = checkCertificate({ tbs: t, ...ctx }); if (!r.ok) throw new Error(JSON.stringify(r.error)); };
  for (let round = 0; round < 4; round++) { const b = performance.now(); for (let i = 0; i < N; i++) once(i); console.log(id, tbs.length, ((performance.now() - b) * 1000 / N).toFixed(1), 'us a lint'); }
  { const b = performance.now(); for (let i = 0; i < N; i++) readLinting({ tbs }, issuer); console.log('  read only', ((performance.now() - b) * 1000 / N).toFixed(1)); }
  const costs: [string, number][] = [];
  const r = readLinting({ tbs }, issuer); if (!r.ok) throw 1;
  for (const rule of CERTIFICATE_RULES) {
    const M = 4000; const b = performance.now();
    for (let i = 0; i < M; i++) rule.check({ ...subjectOf(r.value, { issuer, environment: policy.environment, now }), profile } as never);
    costs.push([rule.name, (performance.now() - b) * 1000 / M]);
  }
  costs.sort((a, b) => b[1] - a[1]);
  for (const [n, c] of costs.slice(0, 25)) console.log('   ', c.toFixed(2), n);
}
removeServiceHome(at);
