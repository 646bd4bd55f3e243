/**
 * What seven implementations say of a certificate in each of its states, by the published CRLs:
 * good, revoked for each reason, on hold, released, and expired.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IssuedCertificate } from '../support/service/client.js';
import { makeCsr, makeKey } from '../support/service/csr.js';
import { createRelyingParty, ISSUING, type RelyingParty, ROOTS } from '../support/service/files.js';
import { PACKAGE_ROOT } from '../support/service/home.js';
import { judge } from '../support/service/judges.js';
import { orderOf } from '../support/service/orders.js';
import { sharedService } from '../support/service/shared.js';
import { GNUTLS } from './paths/gnutls.js';
import { BOUNCY_CASTLE, JDK } from './paths/java.js';
import type { Evidence, Lists, Path, Verdict, Verdicts } from './paths/judge.js';
import { judgeClients, placed } from './paths/nginx-clients.js';
import { NSS } from './paths/nss.js';
import { OPENSSL } from './paths/openssl.js';
import { changeState, isRevoked, reasonOf, STATES } from './statuses/states.js';

const CA = 'aci-el-org';
const ROOT = 'acr-el';
const upper = (reason: string): string => reason.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

type ExpectedMessages = {
  /** What a program says of a revoked certificate. Some give the reason. */
  readonly revoked: (reason: string) => RegExp;
  readonly expired: RegExp;
};
const EXPECTED: Readonly<Record<string, ExpectedMessages>> = {
  OpenSSL: { revoked: () => /certificate revoked/, expired: /certificate has expired/ },
  GnuTLS: { revoked: () => /The certificate chain is revoked|revoked/, expired: /expired/ },
  NSS: { revoked: () => /Peer's Certificate has been revoked/, expired: /expired/ },
  JDK: { revoked: (reason) => new RegExp(`revoked, reason: ${upper(reason)}\\b`), expired: /validity check failed/ },
  'Bouncy Castle': { revoked: (reason) => new RegExp(`, reason: ${reason}\\b`), expired: /expired|validation time/i },
  pyca: { revoked: (reason) => new RegExp(`^${reason}$`), expired: /^expired$/ },
  nginx: { revoked: () => /^FAILED:certificate revoked$/, expired: /^FAILED:certificate has expired$/ },
};

describe('programs that read CRLs', () => {
  let party: RelyingParty;
  const verdicts = new Map<string, Verdicts>();

  before(async function gather() {
    const shared = await sharedService('rsa-4096');
    const [cards, officer] = [shared.as('card-management'), shared.as('officer-1')];
    party = createRelyingParty(shared.service.urls.publication);
    await party.fetchAll();
    const authority = (id: string) => ({ id, certificate: party.path(`${id}.pem`) });
    const keys = new Map<string, string>();
    const paths: Path[] = [];
    let endsAt = 0;
    for (const state of STATES) {
      const key = makeKey();
      const notAfter = new Date(Math.floor(Date.now() / 1000) * 1000 + 4_000);
      if (state === 'expired') endsAt = notAfter.getTime();
      const validity =
        state === 'expired' ? { validity: { notAfter: notAfter.toISOString().replace('.000', '') } } : {};
      const body = { ...orderOf('elementaire/org-auth-cli'), csr: makeCsr(key), ...validity };
      const issued = await cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
      await changeState(officer, issued, state);
      const leaf = party.write(`${state}.pem`, issued.certificate);
      keys.set(state, party.write(`${state}.key`, key.privateKey.export({ type: 'pkcs8', format: 'pem' })));
      paths.push({ name: state, leaf, issuer: authority(CA), root: authority(ROOT), purpose: 'tls-client' });
    }
    await officer.expect('POST', `/v1/cas/${CA}/crl`);
    await party.fetchCrl(CA);
    const lists: Lists = { name: 'statuses', of: ({ id }) => party.path(`${id}.crl.pem`) };
    const authorities = { roots: ROOTS.map(authority), issuing: ISSUING.map(authority) };
    const evidence: Evidence = { folder: party.folder, authorities, paths, signed: [] };
    await sleep(Math.max(0, endsAt + 1_500 - Date.now()));
    for (const one of [OPENSSL, GNUTLS, NSS, JDK, BOUNCY_CASTLE])
      verdicts.set(one.name, await one.judgePaths(evidence, lists));
    verdicts.set('pyca', await judgeByPyca(paths, lists));
    const crls = (folder: string, { issuer, root }: Path) =>
      placed(folder, 'lists.pem', [lists.of(issuer), lists.of(root)]);
    const keyOf = ({ name }: Path) => keys.get(name) ?? '';
    verdicts.set('nginx', await judgeClients(paths, keyOf, (folder, path) => [`ssl_crl ${crls(folder, path)};`]));
  });

  after(() => party.remove());

  for (const [name, { revoked, expired }] of Object.entries(EXPECTED))
    for (const state of STATES)
      it(`${name} ${isRevoked(state) ? `refuses one that is revoked: ${reasonOf(state)}` : `judges one that is ${state}`}`, () => {
        const said = verdicts.get(name)?.get(state);
        if (state === 'good' || state === 'released') assert.equal(said, null);
        else assert.match(said ?? 'accepted', state === 'expired' ? expired : revoked(reasonOf(state)));
      });
});

async function judgeByPyca(paths: readonly Path[], lists: Lists): Promise<Verdicts> {
  const [first] = paths;
  assert.ok(first);
  const script = join(PACKAGE_ROOT, 'test/conformance/statuses/pyca.py');
  const files = [first.issuer.certificate, lists.of(first.issuer), ...paths.map(({ leaf }) => leaf)];
  const { status, output } = await judge('python3', [script, ...files]);
  assert.equal(status, 0, output);
  const said = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly said: Verdict });
  return new Map(paths.map(({ name }, at) => [name, said[at]?.said ?? null]));
}
