/**
 * What relying parties learn by OCSP about a certificate in each of its states: OpenSSL, GnuTLS,
 * NSS, the JDK, Bouncy Castle, pyca/cryptography, an nginx that authenticates clients (`ssl_ocsp`),
 * and a curl that requires a stapled response.
 */
import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IssuedCertificate } from '../support/service/client.js';
import { makeCsr, makeKey } from '../support/service/csr.js';
import { createRelyingParty, ISSUING, type RelyingParty, ROOTS, rootOf } from '../support/service/files.js';
import { openssl } from '../support/service/judges.js';
import { orderOf } from '../support/service/orders.js';
import { type SharedService, sharedService } from '../support/service/shared.js';
import { createResponderProcess, type ResponderOfItsOwn } from '../support/status/responder-process.js';
import { judgeClientsByOcsp, judgeStapled } from './ocsp/nginx.js';
import {
  askByPyca,
  judgeByGnutls,
  judgeByJava,
  judgeByNss,
  judgeByNssAt,
  judgeByOpenssl,
  judgeTogether,
  type OcspQuestion,
  type PycaSaid,
} from './ocsp/programs.js';
import type { Path, Verdicts } from './paths/judge.js';
import { changeState, isRevoked, reasonOf, STATES } from './statuses/states.js';

/**
 * All programs reject an expired certificate as such (`statuses.test.ts`). Some request its status
 * anyway.
 */
const SHOWN = STATES.filter((state) => state !== 'expired');
type Profile = Parameters<typeof orderOf>[0];
type PresentedCertificates = { readonly path: Path; readonly key: string; readonly issued: IssuedCertificate };

const upper = (reason: string): string => reason.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
/** Some programs print the reason. A response has none if it is unspecified. */
const withReason = (said: string, reason: string): string => (reason === 'unspecified' ? said : `${said} ${reason}`);
const byOpenssl = (reason: string): RegExp => new RegExp(`^${withReason('revoked', reason)}$`);
/** What each program says of a revoked certificate. */
const REVOKED: Readonly<Record<string, (reason: string) => RegExp>> = {
  'OpenSSL with SHA-1': byOpenssl,
  'OpenSSL with SHA-256': byOpenssl,
  'OpenSSL about all at once': byOpenssl,
  GnuTLS: () => /^revoked$/,
  NSS: () => /Peer's Certificate has been revoked/,
  JDK: (reason) => new RegExp(`revoked, reason: ${upper(reason)}\\b`),
  'Bouncy Castle': () => /certificate revoked/,
  nginx: () => /^FAILED:certificate revoked$/,
};

const BY_RSA = ', by an RSA-2048 responder';

/** A copy of the policies in which the RSA key is the first responder key. */
function withRsaFirst(folder: string): string {
  const policies = join(folder, 'policies-rsa');
  cpSync(join(folder, 'policies'), policies, { recursive: true });
  const file = join(policies, 'elementaire', 'authorities', 'aci-el-org.json');
  const authority = JSON.parse(readFileSync(file, 'utf8')) as { readonly ocspSigner: object };
  const ocspSigner = { ...authority.ocspSigner, keyType: 'rsa-2048', others: ['p-256'] };
  writeFileSync(file, JSON.stringify({ ...authority, ocspSigner }));
  return policies;
}

describe('programs that request OCSP status', () => {
  let shared: SharedService;
  let party: RelyingParty;
  let asked: OcspQuestion;
  let server: PresentedCertificates;
  let ended: PresentedCertificates;
  let endsAt: number;
  let pyca: readonly PycaSaid[];
  /** A responder on the same home, with a policy that has the RSA key first. */
  let rsa: ResponderOfItsOwn | null = null;
  let pycaByRsa: readonly PycaSaid[];
  const verdicts = new Map<string, Verdicts>();
  const keys = new Map<string, string>();
  const keyOf = ({ name }: Path): string => keys.get(name) ?? '';

  const present = async (profile: Profile, name: string, more: object = {}): Promise<PresentedCertificates> => {
    const key = makeKey();
    const body = { ...orderOf(profile), csr: makeCsr(key), ...more };
    const issued = await shared.as('card-management').expect<IssuedCertificate>('POST', '/v1/certificates', { body });
    const [issuer, root] = [authority(issued.ca), authority(rootOf(issued.ca))];
    const leaf = party.write(`${name}.pem`, issued.certificate);
    const file = party.write(`${name}.key`, key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    keys.set(name, file);
    return { path: { name, leaf, issuer, root, purpose: 'tls-client' }, key: file, issued };
  };
  const authority = (id: string) => ({ id, certificate: party.path(`${id}.pem`) });

  before(async function gather() {
    shared = await sharedService('rsa-4096');
    const base = shared.service.urls.publication;
    party = createRelyingParty(base);
    await party.fetchAll();
    endsAt = Math.floor(Date.now() / 1000) * 1000 + 4_000;
    const validity = { notAfter: new Date(endsAt).toISOString().replace('.000', '') };
    ended = await present('elementaire/org-auth-cli', 'ended', { validity });
    const paths: Path[] = [];
    for (const state of SHOWN) {
      const { path, issued } = await present('elementaire/org-auth-cli', state);
      await changeState(shared.as('officer-1'), issued, state);
      paths.push(path);
    }
    server = await present('elementaire/serv-ssl', 'server');
    const foreign = party.path('foreign.pem');
    const options = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '/dev/null'];
    await openssl('req', '-x509', ...options, '-days', '2', '-subj', '/CN=Somebody else', '-out', foreign);
    const authorities = { roots: ROOTS.map(authority), issuing: ISSUING.map(authority) };
    asked = { folder: party.folder, authorities, paths, responder: `${base}/ocsp`, foreign };
    await judgeAt(asked);
    verdicts.set('NSS', await judgeByNss(asked));
    pyca = await askByPyca(asked);
    rsa = await createResponderProcess(shared.service.at, { policies: withRsaFirst(shared.service.at.folder) });
    await rsa.start();
    const byRsa = { ...asked, responder: `${rsa.urls.publication}/ocsp` };
    await judgeAt(byRsa, BY_RSA);
    verdicts.set(`NSS${BY_RSA}`, await judgeByNssAt(byRsa));
    pycaByRsa = await askByPyca(byRsa);
  });

  after(async () => {
    await rsa?.stop();
    party.remove();
  });

  /**
   * At the named responder. NSS is asked separately, because `vfychain` uses the address in the
   * certificate.
   */
  async function judgeAt(of: OcspQuestion, suffix = ''): Promise<void> {
    const note = (name: string, said: Verdicts): void => void verdicts.set(`${name}${suffix}`, said);
    note('OpenSSL with SHA-1', await judgeByOpenssl(of, '-sha1'));
    note('OpenSSL with SHA-256', await judgeByOpenssl(of, '-sha256'));
    note('OpenSSL about all at once', await judgeTogether(of));
    note('GnuTLS', await judgeByGnutls(of));
    for (const [name, said] of await judgeByJava(of)) note(name, said);
    note('nginx', await judgeClientsByOcsp(of.paths, keyOf, of.responder));
  }

  const judges = Object.entries(REVOKED);
  for (const [name, revoked] of [...judges, ...judges.map(([name, said]) => [`${name}${BY_RSA}`, said] as const)])
    for (const state of SHOWN)
      it(`${name} ${isRevoked(state) ? `refuses one that is revoked: ${reasonOf(state)}` : `accepts one that is ${state}`}`, () => {
        const said = verdicts.get(name)?.get(state);
        if (isRevoked(state)) assert.match(said ?? 'accepted', revoked(reasonOf(state)));
        else assert.equal(said, null);
      });

  it('one response is signed with ECDSA, the other with RSA', async () => {
    const [first] = asked.paths;
    assert.ok(first);
    const names = ['-issuer', first.issuer.certificate, '-CAfile', first.root.certificate, '-cert', first.leaf];
    const signedBy = async (url: string): Promise<string> =>
      (await openssl('ocsp', '-no_nonce', ...names, '-url', url, '-resp_text')).output;
    assert.match(await signedBy(asked.responder), /Signature Algorithm: ecdsa-with-SHA256\n\s+Signature Value/);
    const byRsa = await signedBy(`${rsa?.urls.publication}/ocsp`);
    assert.match(byRsa, /Signature Algorithm: sha256WithRSAEncryption\n\s+Signature Value/);
  });

  for (const hash of ['sha1', 'sha256']) {
    const saidBy = (about: string, by = pyca): string | undefined =>
      by.find((one) => one.about === about && one.hash === hash)?.said;
    it(`pyca gets the same status from both, with ${hash}`, () => {
      for (const { name, leaf } of asked.paths) {
        const state = SHOWN.find((one) => one === name) ?? assert.fail(name);
        for (const by of [pyca, pycaByRsa])
          assert.equal(saidBy(leaf, by), isRevoked(state) ? withReason('REVOKED', reasonOf(state)) : 'GOOD', name);
      }
    });

    it(`pyca gets unknown for an unknown serial number, and an error for another issuer, with ${hash}`, () => {
      assert.equal(saidBy('never issued'), 'UNKNOWN');
      assert.equal(saidBy('foreign'), 'UNAUTHORIZED');
    });
  }

  it('OpenSSL gets the same status by serial number and issuer', async () => {
    const [first] = asked.paths;
    assert.ok(first);
    const ask = async (issuer: string): Promise<string> => {
      const trust = ['-issuer', issuer, '-CAfile', first.root.certificate];
      return (await openssl('ocsp', '-no_nonce', ...trust, '-serial', '0x1234567890', '-url', asked.responder)).output;
    };
    assert.match(await ask(first.issuer.certificate), /^0x1234567890: unknown\n[\s\S]*Response verify OK/);
    assert.match(await ask(asked.foreign), /unauthorized/);
  });

  it('OpenSSL, GnuTLS and pyca get good for an expired certificate', async () => {
    await sleep(Math.max(0, endsAt + 1_500 - Date.now()));
    const about = { ...asked, paths: [ended.path] };
    for (const said of [await judgeByOpenssl(about, '-sha256'), await judgeByGnutls(about)])
      assert.equal(said.get('ended'), null);
    const saidToPyca = (await askByPyca(about)).filter((one) => one.about === ended.path.leaf).map(({ said }) => said);
    assert.deepEqual(saidToPyca, ['GOOD', 'GOOD']);
  });

  it('curl that requires a stapled response gets it from nginx, and rejects a revoked server', async () => {
    const { path, issued } = server;
    assert.equal(await judgeStapled(path, keyOf, `ssl_stapling_responder ${asked.responder};`), null);
    await changeState(shared.as('officer-1'), issued, 'keyCompromise');
    // nginx staples only `good`. A server that does not check is simulated by giving it the
    // response in a file.
    const answer = party.path('server.ocsp');
    const names = ['-issuer', path.issuer.certificate, '-CAfile', path.root.certificate, '-cert', path.leaf];
    await openssl('ocsp', '-no_nonce', ...names, '-url', asked.responder, '-respout', answer);
    const said = await judgeStapled(path, keyOf, `ssl_stapling_file ${answer};`);
    assert.match(said ?? 'accepted', /SSL certificate revocation reason: keyCompromise/);
  });
});
