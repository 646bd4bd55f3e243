/**
 * The second generation of a root, from its ceremony to a CMP client that has the first one, with
 * OpenSSL as the judge. Without these tests, clients could refuse the new root, or what was issued
 * under the old one.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceHome } from '../../support/service/home.js';
import { configure, makeServiceHome, PACKAGE_ROOT, removeServiceHome } from '../../support/service/home.js';
import { openssl } from '../../support/service/judges.js';
import { createService, runPfcng, type Service } from '../../support/service/service.js';
import { until } from '../../support/until.js';
import { type OpensslCmp, openOpensslCmp } from './openssl.js';

const PLAN = join(PACKAGE_ROOT, 'policies/ceremonies/examples/next-root.json');
const NEW_WITH_OLD = 'acr-el-2.by-acr-el.cer';
const OLD_WITH_NEW = 'acr-el.by-acr-el-2.cer';

describe('the second generation of a root', () => {
  let at: ServiceHome;
  let service: Service;
  let client: OpensslCmp;
  let outlet: string;
  const file = (name: string): string => join(at.home, 'authorities', name);

  before(async () => {
    at = await makeServiceHome('p-256');
    const performed = await runPfcng(at, 'ceremony', 'perform', '--played', PLAN);
    assert.equal(performed.status, 0, performed.stderr);
    makeCurrent(at, 2);
    outlet = join(at.folder, 'web');
    mkdirSync(outlet);
    configure(at, { publication: { outlets: [{ kind: 'directory', name: 'web', path: outlet }] } });
    service = createService(at);
    await service.start();
    client = await openOpensslCmp(service);
  });

  after(async () => {
    client.remove();
    await service.stop();
    removeServiceHome(at);
  });

  const verify = async (trusted: string, certificate: string, ...between: readonly string[]): Promise<string> => {
    const untrusted = between.flatMap((name) => ['-untrusted', file(name)]);
    return (await openssl('verify', '-x509_strict', '-CAfile', file(trusted), ...untrusted, file(certificate))).output;
  };

  it('is linked with the first one in both directions, also for what the first one has certified', async () => {
    assert.match(await verify('acr-el.cer', NEW_WITH_OLD), /: OK\n$/);
    assert.match(await verify('acr-el-2.cer', OLD_WITH_NEW), /: OK\n$/);
    assert.match(await verify('acr-el-2.cer', 'aci-el-org.cer', OLD_WITH_NEW), /: OK\n$/);
    assert.match(await verify('acr-el-2.cer', 'aci-el-org.cer'), /unable to get local issuer certificate/);
    assert.match(await verify('acr-el.cer', OLD_WITH_NEW), /unable to get local issuer certificate/);
  });

  it('is accepted by openssl cmp with the root that it has, with both links', async () => {
    const names = ['newwithnew', 'newwithold', 'oldwithnew'];
    const out = names.flatMap((name) => [`-${name}`, client.file(name)]);
    const asked = ['-infotype', 'rootCaCert', '-oldwithold', client.file('ACR-EL.cer'), ...out];
    await client.succeed(['-cmd', 'genm', ...client.account, ...asked]);
    assert.deepEqual(
      names.map((name) => new X509Certificate(client.read(name)).raw),
      ['acr-el-2.cer', NEW_WITH_OLD, OLD_WITH_NEW].map((name) => readFileSync(file(name))),
    );
  });

  it('has no newer one for a client that has it already', async () => {
    const out = client.file('none');
    const asked = ['-infotype', 'rootCaCert', '-oldwithold', file('acr-el-2.cer'), '-newwithnew', out];
    const said = await client.succeed(['-cmd', 'genm', ...client.account, ...asked]);
    assert.match(said.output, /no root CA certificate update available/);
    assert.equal(existsSync(out), false);
  });

  it('has its links at the publication point and in the folders of outlets', async () => {
    for (const [published, name] of [
      ['ACR-EL-2-by-ACR-EL.cer', NEW_WITH_OLD],
      ['ACR-EL-by-ACR-EL-2.cer', OLD_WITH_NEW],
    ] as const) {
      const answer = await fetch(`${service.urls.publication}/AC/${published}`);
      assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'application/pkix-cert']);
      assert.deepEqual(Buffer.from(await answer.arrayBuffer()), readFileSync(file(name)));
      const delivered = join(outlet, 'AC', published);
      await until(`${published} is delivered`, () => Promise.resolve(existsSync(delivered)));
      assert.deepEqual(readFileSync(delivered), readFileSync(file(name)));
    }
  });

  it('has links that pass the lint of the platform, and minutes that name them in both languages', async () => {
    const linted = await runPfcng(at, 'lint', '--json', file(NEW_WITH_OLD), file(OLD_WITH_NEW));
    assert.equal(linted.status, 0, linted.stderr);
    const reports = JSON.parse(linted.stdout) as readonly { readonly ruleSet: string; readonly findings: object[] }[];
    assert.deepEqual(
      reports.map(({ ruleSet, findings }) => [ruleSet, findings]),
      [
        ['acr-el-2 by acr-el', []],
        ['acr-el by acr-el-2', []],
      ],
    );
    const folder = join(at.home, 'ceremony/elementaire-root-2');
    const written = await runPfcng(at, 'ceremony', 'minutes', join(folder, 'transcript.ndjson'));
    assert.equal(written.status, 0, written.stderr);
    const minutes = readFileSync(join(folder, 'minutes.html'), 'utf8');
    assert.match(minutes, /certificat de lien/);
    assert.match(minutes, /link certificate/);
  });

  it('is reported by the doctor where a link is another certificate', async () => {
    const kept = readFileSync(file(OLD_WITH_NEW));
    cpSync(file(NEW_WITH_OLD), file(OLD_WITH_NEW));
    const asked = await runPfcng(at, 'doctor', '--json');
    writeFileSync(file(OLD_WITH_NEW), kept);
    const { checks } = JSON.parse(asked.stdout) as {
      readonly checks: readonly { readonly name: string; readonly detail: string; readonly whatToDo?: string }[];
    };
    const found = checks.find(({ name }) => name === 'authorities');
    assert.match(
      found?.detail ?? '',
      /acr-el\.by-acr-el-2\.cer: .*it is not this link certificate \(name-and-key-of-root\)/,
    );
    assert.match(found?.whatToDo ?? '', /step create-link-certificate/);
  });
});

/** States the generation of the root that is the current one, as officers do after the ceremony. */
function makeCurrent({ folder }: ServiceHome, currentGeneration: number): void {
  const policy = join(folder, 'policies/elementaire/authorities/acr-el.json');
  const stated = JSON.parse(readFileSync(policy, 'utf8')) as object;
  writeFileSync(policy, JSON.stringify({ ...stated, currentGeneration }));
}
