/**
 * The token of the OCSP responders is replaced years later, by the two example plans, on SoftHSM,
 * and verified by OpenSSL.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { type Client, clientOf, type IssuedCertificate } from '../../support/service/client.js';
import { createRelyingParty, type RelyingParty, writeIssued } from '../../support/service/files.js';
import { makeServiceHome, PACKAGE_ROOT, removeServiceHome, type ServiceHome } from '../../support/service/home.js';
import { bodyOf } from '../../support/service/orders.js';
import { createService, runPfcng, type Service } from '../../support/service/service.js';

/** Each certificate of the ceremony, with the file from which the responder uses it. */
const PLACES = {
  'aci-el-pp.ocsp-key-2.cer': 'aci-el-pp.ocsp.cer',
  'aci-el-org.ocsp-key-2.cer': 'aci-el-org.ocsp.cer',
  'aci-el-org.ocsp-key-3.cer': 'aci-el-org.ocsp-rsa-2048.cer',
} as const;
const LIFE_DAYS = 40;

describe('a new token of OCSP responders', () => {
  let at: ServiceHome;
  let service: Service;
  let party: RelyingParty;
  let client: Client;
  let issued: readonly IssuedCertificate[];
  const home = (...path: readonly string[]): string => join(at.home, ...path);
  const keyIn = (file: string): string => {
    const { publicKey } = new X509Certificate(readFileSync(file));
    return publicKey.export({ type: 'spki', format: 'der' }).toString('hex');
  };
  const daysOf = (file: string): number => {
    const { validFrom, validTo } = new X509Certificate(readFileSync(file));
    return Math.round((Date.parse(validTo) - Date.parse(validFrom)) / 86_400_000);
  };
  const perform = async (plan: string, where: string): Promise<void> => {
    const file = join(PACKAGE_ROOT, 'policies/ceremonies/examples', plan);
    const { status, stderr } = await runPfcng(at, 'ceremony', 'perform', '--played', file, '--home', where);
    assert.equal(status, 0, stderr);
  };

  before(async () => {
    at = await makeServiceHome('p-256');
    service = createService(at);
    await service.start();
    client = clientOf(service, 'card-management');
    const order = (body: object) => client.expect<IssuedCertificate>('POST', '/v1/certificates', { body });
    issued = [await order(bodyOf('elementaire/cpe-authentication')), await order(bodyOf('elementaire/serv-ssl'))];
    await client.close();
    party = createRelyingParty(service.urls.publication);
    await party.fetchAll();
    await service.stop();
  });
  after(async () => {
    await service.stop();
    party.remove();
    removeServiceHome(at);
  });

  it('signs responses with the approved P-256 and RSA keys, and renews their certificates by itself', async () => {
    const elsewhere = await temporaryFolder('pfcng-token-');
    await perform('new-ocsp-token.json', elsewhere);
    mkdirSync(home('incoming'));
    cpSync(join(elsewhere, 'bundles/ocsp-ask.json'), home('incoming/ocsp-request.json'));
    const before = Object.values(PLACES).map((place) => keyIn(home('authorities', place)));
    await perform('approve-ocsp-keys.json', at.home);
    installToken(at, elsewhere);
    for (const [from, to] of Object.entries(PLACES)) cpSync(home('authorities', from), home('authorities', to));
    // The service renews them all at once, because their remaining validity is shorter than that of
    // the ceremony's certificates.
    for (const name of ['ocsp-pp', 'ocsp-org']) shorten(at, name);
    await service.start();
    const answeringFiles = Object.values(PLACES).map((to) => home('authorities', to));
    for (let tries = 0; tries < 400 && !answeringFiles.every((file) => daysOf(file) === LIFE_DAYS); tries += 1)
      await sleep(50);
    for (const [at, [from, to]] of Object.entries(PLACES).entries()) {
      const [approved, answering] = [home('authorities', from), home('authorities', to)];
      assert.equal(keyIn(answering), keyIn(approved), to);
      assert.notEqual(keyIn(answering), before[at], to);
      assert.equal(daysOf(answering), LIFE_DAYS, to);
    }
    for (const one of issued) {
      const { output } = await party.ocsp(writeIssued(party, one), one.ca, '-no_nonce');
      assert.match(output, /: good\n/);
      assert.match(output, /Response verify OK\n/);
      const answering = new X509Certificate(readFileSync(await party.fetchResponder(one.ca)));
      assert.equal(
        answering.publicKey.export({ type: 'spki', format: 'der' }).toString('hex'),
        keyIn(home('authorities', `${one.ca}.ocsp-key-2.cer`)),
      );
    }
    const verified = await runPfcng(at, 'ceremony', 'verify');
    assert.equal(verified.status, 0, verified.stderr);
    const journals = await runPfcng(at, 'hsm', 'reconcile');
    assert.match(journals.stdout, /^ca-elementaire .* 0 inconnues/m, journals.stderr);
  });

  it('has certificates that OpenSSL accepts for responders of their CA', () => {
    for (const from of Object.keys(PLACES)) {
      const ca = from.slice(0, from.indexOf('.'));
      const chain = ['-CAfile', party.path('acr-el.pem'), '-untrusted', party.path(`${ca}.pem`)];
      const pem = party.write(`${from}.pem`, new X509Certificate(readFileSync(home('authorities', from))).toString());
      const output = execFileSync('openssl', ['verify', '-x509_strict', ...chain, pem], {
        encoding: 'utf8',
      });
      assert.match(output, /: OK\n$/);
    }
  });

  it('does not start when one byte of an approving certificate is changed, and names the file', async () => {
    await service.stop();
    const file = home('authorities/aci-el-org.ocsp-key-3.cer');
    const good = readFileSync(file);
    writeFileSync(
      file,
      good.map((byte, place) => (place === 300 ? byte ^ 1 : byte)),
    );
    await assert.rejects(service.start());
    assert.match(
      service.said(),
      /aci-el-org\.ocsp-key-3\.cer: .* it is not a certificate of a responder of this CA \([a-z-]+\)/,
    );
    writeFileSync(file, good);
    await service.start();
  });
});

/**
 * Replaces the old token, which is moved aside. softhsm2.conf has the absolute path of its folder.
 */
function installToken({ home }: ServiceHome, from: string): void {
  const [token, pin] = ['tokens/ocsp-elementaire', 'pins/ocsp-elementaire.pin'];
  renameSync(join(home, token), join(home, 'old-token'));
  cpSync(join(from, token), join(home, token), { recursive: true });
  const conf = join(home, token, 'softhsm2.conf');
  writeFileSync(conf, readFileSync(conf, 'utf8').replaceAll(from, home));
  rmSync(join(home, pin));
  cpSync(join(from, pin), join(home, pin));
}

function shorten({ folder }: ServiceHome, profile: string): void {
  const edit = (path: string, members: object): void => {
    const file = join(folder, 'policies/elementaire', path);
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), ...members }));
  };
  edit(`profiles/${profile}.json`, { validity: { days: LIFE_DAYS } });
  const authority = profile.replace('ocsp', 'aci-el');
  const signer = { keyType: 'p-256', validityDays: LIFE_DAYS };
  edit(`authorities/${authority}.json`, {
    ocspSigner: authority === 'aci-el-org' ? { ...signer, others: ['rsa-2048'] } : signer,
  });
}
