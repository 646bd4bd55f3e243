/**
 * Founding certificates on SoftHSM, in a service: its server certificate, an officer's, and the way
 * back after all credentials are lost.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { editedExample } from '../../support/ceremony/in-memory.js';
import {
  assertProblem,
  type Client,
  clientOf,
  createClient,
  type IssuedCertificate,
} from '../../support/service/client.js';
import { type HolderKey, makeCsr, makeKey } from '../../support/service/csr.js';
import { createRelyingParty, type RelyingParty, writeIssued } from '../../support/service/files.js';
import { configure, makeServiceHome, removeServiceHome, type ServiceHome } from '../../support/service/home.js';
import { bodyOf } from '../../support/service/orders.js';
import { createService, runPfcng, type Service } from '../../support/service/service.js';

const OFFICER = 'founding-officer';
type Step = Record<string, unknown>;
type AuditPage = { readonly entries: readonly { readonly entry: { readonly details: Step } }[] };
type Plan = Record<string, unknown> & { steps: Step[]; outputs: string[] };

describe('founding certificates in a service', () => {
  let at: ServiceHome;
  let service: Service;
  let party: RelyingParty;
  const keys = { api: makeKey(), [OFFICER]: makeKey(), again: makeKey(), third: makeKey() } as const;
  const clients: Client[] = [];
  const home = (...path: readonly string[]): string => join(at.home, ...path);
  const write = (path: string, content: string): string => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const pemOf = ({ privateKey }: HolderKey): string => privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const certificateFile = (id: string, name: string): string => home('ceremony', id, 'founding', `${name}.chain.pem`);

  /** A later ceremony, on the token of one CA, for one certificate. */
  const perform = async (id: string, name: keyof typeof keys, step: Step): Promise<void> => {
    write(home('requests', `${name}.csr.pem`), makeCsr(keys[name]));
    const plan = editedExample<Plan>('regain-access', (edited) => {
      const hierarchy = step.issuer === 'aci-fo-pp' ? 'fort' : 'elementaire';
      const [token, key] = [`ca-${hierarchy}`, `ceremony-${id}`];
      const output = `ceremony/${id}/founding/${name}.cer`;
      const template = edited.steps.at(-1);
      const pin = { kind: 'file', path: `pins/${token}.pin` };
      Object.assign(edited, {
        id,
        hierarchy,
        tokens: [{ name: token, kind: 'ca', folder: `tokens/${token}`, pin }],
        steps: [
          { do: 'generate-key', token, key, keyType: 'p-256' },
          { do: 'read-key', token, key: step.issuer },
          { ...template, ...step, token, request: `requests/${name}.csr.pem`, output },
        ],
        transcriptKey: { token, key },
        outputs: [output, output.replace('.cer', '.chain.pem')],
      });
    });
    const file = write(join(at.folder, `${id}.json`), JSON.stringify(plan));
    const { status, stderr } = await runPfcng(at, 'ceremony', 'perform', '--played', file, '--home', at.home);
    assert.equal(status, 0, stderr);
  };
  const account = {
    id: OFFICER,
    name: 'Founding officer',
    roles: ['officer'],
    scope: { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] },
  };
  const holder = {
    kind: 'professional',
    idNat: '810002813839',
    givenName: 'ANNE',
    surname: 'OFFICIER',
    profession: '10',
    title: 'Médecin',
  };
  const officerWith = (id: string, name: keyof typeof keys): Client => {
    const credential = { certificate: readFileSync(certificateFile(id, name), 'utf8'), key: pemOf(keys[name]) };
    const trust = readFileSync(party.path('acr-el.pem'), 'utf8');
    const client = createClient({ url: service.urls.api, trust, credential, judge: null });
    clients.push(client);
    return client;
  };
  const stop = async (): Promise<void> => {
    for (const client of clients.splice(0)) await client.close();
    await service.stop();
  };

  before(async () => {
    at = await makeServiceHome('p-256');
    service = createService(at);
    await service.start();
    party = createRelyingParty(service.urls.publication);
    await party.fetchAll();
    await stop();
    await perform('tls', 'api', {
      issuer: 'aci-el-org',
      profile: 'elementaire/serv-ssl',
      holder: {
        kind: 'server',
        names: ['localhost', '127.0.0.1'],
        structure: { id: '2187512751', name: 'AGENCE DU NUMERIQUE EN SANTE', department: 'Paris (75)' },
      },
      card: undefined,
      identity: undefined,
      keyOrigin: 'software',
      account: undefined,
    });
    const card = { tokenId: '8025000001/9100000001', product: 'cps' };
    await perform('officer', OFFICER, { issuer: 'aci-fo-pp', holder, card, account });
    const key = write(join(at.folder, 'api.key.pem'), pemOf(keys.api));
    configure(at, {
      ...JSON.parse(readFileSync(at.configFile, 'utf8')),
      tls: { certificate: certificateFile('tls', 'api'), key },
    });
    await service.start();
  });
  after(async () => {
    await stop();
    party.remove();
    removeServiceHome(at);
  });

  it('are accepted by OpenSSL for what they are for, with the chain that the ceremony wrote', () => {
    for (const [id, name, root, purpose] of [
      ['tls', 'api', 'acr-el', 'sslserver'],
      ['officer', OFFICER, 'acr-fo', 'sslclient'],
    ] as const) {
      const chain = certificateFile(id, name);
      const trust = ['-x509_strict', '-purpose', purpose, '-CAfile', party.path(`${root}.pem`)];
      const output = execFileSync('openssl', ['verify', ...trust, '-untrusted', chain, chain], { encoding: 'utf8' });
      assert.match(output, /: OK\n$/);
    }
  });

  it('let an officer of a ceremony revoke over a TLS session that a certificate of a ceremony protects', async () => {
    const officer = officerWith('officer', OFFICER);
    const system = clientOf(service, 'card-management');
    clients.push(system);
    const order = { body: bodyOf('elementaire/org-auth-cli') };
    const issued = await system.expect<IssuedCertificate>('POST', '/v1/certificates', order);
    await officer.expect('POST', `/v1/certificates/${issued.id}/revocation`, { body: { reason: 'superseded' } });
    const { output } = await party.ocsp(writeIssued(party, issued), issued.ca);
    assert.match(output, /: revoked\n/);
  });

  it('are good for OCSP, found by searches and revoked through the API, as any other', async () => {
    const officer = officerWith('officer', OFFICER);
    const found = await officer.expect<{ readonly certificates: readonly IssuedCertificate[] }>(
      'GET',
      '/v1/certificates?holder=810002813839',
    );
    const [own] = found.certificates;
    assert.ok(own !== undefined && found.certificates.length === 1);
    assert.equal(own.status, 'issued');
    const file = writeIssued(party, own);
    assert.match((await party.ocsp(file, own.ca)).output, /: good\n/);
    const journals = await runPfcng(at, 'hsm', 'reconcile');
    assert.match(journals.stdout, /^ca-fort .* 0 inconnues/m, journals.stderr);
    const other = clientOf(service, 'officer-1');
    clients.push(other);
    await other.expect('POST', `/v1/certificates/${own.id}/revocation`, { body: { reason: 'keyCompromise' } });
    assert.match((await party.ocsp(file, own.ca)).output, /: revoked\n/);
    assertProblem(await officer.call('GET', '/v1/cas'), { status: 403, code: 'not-permitted' });
  });

  it('give an account back that has lost every certificate, with a trace, and once', async () => {
    await stop();
    const card = { tokenId: '8025000001/9100000002', product: 'cps' };
    await perform('again', 'again', { issuer: 'aci-fo-pp', holder, card, account });
    await service.start();
    const officer = officerWith('again', 'again');
    const path = `/v1/audit/entries?id=${OFFICER}&type=account.credential-added`;
    const { entries } = await officer.expect<AuditPage>('GET', path);
    assert.deepEqual(
      entries.map(({ entry }) => entry.details.ceremony),
      ['again'],
    );
    assert.match(service.said(), /account\.founded/);
    const verified = await runPfcng(at, 'ceremony', 'verify');
    assert.equal(verified.status, 0, verified.stderr);
    await stop();
    const { status } = await runPfcng(at, 'account', 'disable', OFFICER);
    assert.equal(status, 0);
    await service.start();
    assertProblem(await officerWith('again', 'again').call('GET', '/v1/cas'), { status: 403, code: 'not-permitted' });
  });

  it('are reported and left out when their files were changed', async () => {
    await stop();
    const card = { tokenId: '8025000001/9100000003', product: 'cps' };
    const other = { ...account, id: 'another' };
    await perform('third', 'third', { issuer: 'aci-fo-pp', holder, card, account: other });
    const plan = home('ceremony/third/plan.json');
    writeFileSync(plan, readFileSync(plan, 'utf8').replace('"officer"', '"auditor"'));
    await service.start();
    assert.match(service.said(), /founding\.not-registered/);
    const { stdout } = await runPfcng(at, 'account', 'list');
    assert.doesNotMatch(stdout, /^another /m);
  });

  it('of a CA that the configuration does not name are reported by /readyz and the doctor', async () => {
    await stop();
    const before = JSON.parse(readFileSync(at.configFile, 'utf8'));
    configure(at, { ...before, accountAuthorities: ['aci-el-org'] });
    await service.start();
    const says = /the API accepts no certificate of aci-fo-pp; name the CA in accountAuthorities/;
    const ready = (await (await fetch(`${service.urls.operators}/readyz`)).json()) as {
      readonly state: string;
      readonly parts: { readonly accounts: Readonly<Record<string, string>> };
    };
    assert.equal(ready.state, 'degraded');
    assert.match(ready.parts.accounts['officer-1'] ?? '', says);
    const { stdout } = await runPfcng(at, 'doctor');
    assert.match(stdout, new RegExp(`officer-1: ${says.source}`));
  });
});
