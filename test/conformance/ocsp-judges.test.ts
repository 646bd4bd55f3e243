/**
 * What relying parties that ask by OCSP are told of a certificate in each of its states: the same certificates are shown to
 * OpenSSL, GnuTLS, NSS, the JDK, Bouncy Castle, pyca/cryptography, an nginx that lets clients in (`ssl_ocsp`), and a curl that wants
 * the answer from the server itself.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Issued } from '../support/service-client.js';
import { makeCsr, makeKey } from '../support/service-csr.js';
import { createRelyingParty, ISSUING, type RelyingParty, ROOTS, rootOf } from '../support/service-files.js';
import { openssl } from '../support/service-judges.js';
import { orderOf } from '../support/service-orders.js';
import { type SharedService, sharedService } from '../support/service-shared.js';
import { judgeClients, judgeStapled } from './ocsp/nginx.js';
import {
  type Asked,
  askByPyca,
  judgeByGnutls,
  judgeByJava,
  judgeByNss,
  judgeByOpenssl,
  judgeTogether,
  type PycaSaid,
} from './ocsp/programs.js';
import type { Path, Verdicts } from './paths/judge.js';
import { bring, isRevoked, reasonOf, STATES } from './statuses/states.js';

/** One that has ended is refused by all for that, as `statuses.test.ts` shows. Some ask about it all the same. */
const SHOWN = STATES.filter((state) => state !== 'expired');
type Profile = Parameters<typeof orderOf>[0];
type Presented = { readonly path: Path; readonly key: string; readonly issued: Issued };

const upper = (reason: string): string => reason.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
/** What a judge says of one that is revoked. Some tell the reason. */
const REVOKED: Readonly<Record<string, (reason: string) => RegExp>> = {
  'OpenSSL with SHA-1': (reason) => new RegExp(`^revoked ${reason}$`),
  'OpenSSL with SHA-256': (reason) => new RegExp(`^revoked ${reason}$`),
  'OpenSSL about all at once': (reason) => new RegExp(`^revoked ${reason}$`),
  GnuTLS: () => /^revoked$/,
  NSS: () => /Peer's Certificate has been revoked/,
  JDK: (reason) => new RegExp(`revoked, reason: ${upper(reason)}\\b`),
  'Bouncy Castle': () => /certificate revoked/,
  nginx: () => /^FAILED:certificate revoked$/,
};

describe('judges of OCSP answers', () => {
  let shared: SharedService;
  let party: RelyingParty;
  let asked: Asked;
  let server: Presented;
  let ended: Presented;
  let endsAt: number;
  let pyca: readonly PycaSaid[];
  const verdicts = new Map<string, Verdicts>();
  const keys = new Map<string, string>();
  const keyOf = ({ name }: Path): string => keys.get(name) ?? '';

  const present = async (profile: Profile, name: string, more: object = {}): Promise<Presented> => {
    const key = makeKey();
    const body = { ...orderOf(profile), csr: makeCsr(key), ...more };
    const issued = await shared.as('card-management').expect<Issued>('POST', '/v1/certificates', { body });
    const [issuer, root] = [authority(issued.ca), authority(rootOf(issued.ca))];
    const leaf = party.write(`${name}.pem`, issued.certificate);
    const file = party.write(`${name}.key`, key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    keys.set(name, file);
    return { path: { name, leaf, issuer, root, purpose: 'tls-client' }, key: file, issued };
  };
  const authority = (id: string) => ({ id, certificate: party.path(`${id}.pem`) });

  before(async function gather() {
    this.timeout(300_000);
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
      await bring(shared.as('officer-1'), issued, state);
      paths.push(path);
    }
    server = await present('elementaire/serv-ssl', 'server');
    const foreign = party.path('foreign.pem');
    const options = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '/dev/null'];
    await openssl('req', '-x509', ...options, '-days', '2', '-subj', '/CN=Somebody else', '-out', foreign);
    const authorities = { roots: ROOTS.map(authority), issuing: ISSUING.map(authority) };
    asked = { folder: party.folder, authorities, paths, responder: `${base}/ocsp`, foreign };
    verdicts.set('OpenSSL with SHA-1', await judgeByOpenssl(asked, '-sha1'));
    verdicts.set('OpenSSL with SHA-256', await judgeByOpenssl(asked, '-sha256'));
    verdicts.set('OpenSSL about all at once', await judgeTogether(asked));
    verdicts.set('GnuTLS', await judgeByGnutls(asked));
    verdicts.set('NSS', await judgeByNss(asked));
    for (const [name, said] of await judgeByJava(asked)) verdicts.set(name, said);
    verdicts.set('nginx', await judgeClients(paths, keyOf, asked.responder));
    pyca = await askByPyca(asked);
  });

  after(() => party.remove());

  for (const [name, revoked] of Object.entries(REVOKED))
    for (const state of SHOWN)
      it(`${name} ${isRevoked(state) ? `refuses one that is revoked: ${reasonOf(state)}` : `accepts one that is ${state}`}`, () => {
        const said = verdicts.get(name)?.get(state);
        if (isRevoked(state)) assert.match(said ?? 'accepted', revoked(reasonOf(state)));
        else assert.equal(said, null);
      });

  for (const hash of ['sha1', 'sha256']) {
    const saidBy = (about: string): string | undefined =>
      pyca.find((one) => one.about === about && one.hash === hash)?.said;
    it(`pyca is told the same, with ${hash}`, () => {
      for (const { name, leaf } of asked.paths) {
        const state = SHOWN.find((one) => one === name) ?? assert.fail(name);
        assert.equal(saidBy(leaf), isRevoked(state) ? `REVOKED ${reasonOf(state)}` : 'GOOD', name);
      }
    });

    it(`pyca is told that a serial number is unknown, and that another's issuer is not answered for, with ${hash}`, () => {
      assert.equal(saidBy('never issued'), 'UNKNOWN');
      assert.equal(saidBy('foreign'), 'UNAUTHORIZED');
    });
  }

  it('OpenSSL is told the same of a serial number and an issuer', async () => {
    const [first] = asked.paths;
    assert.ok(first);
    const ask = async (issuer: string): Promise<string> => {
      const trust = ['-issuer', issuer, '-CAfile', first.root.certificate];
      return (await openssl('ocsp', '-no_nonce', ...trust, '-serial', '0x1234567890', '-url', asked.responder)).output;
    };
    assert.match(await ask(first.issuer.certificate), /^0x1234567890: unknown\n[\s\S]*Response verify OK/);
    assert.match(await ask(asked.foreign), /unauthorized/);
  });

  it('OpenSSL, GnuTLS and pyca are told that one that has ended was good to its end', async () => {
    await sleep(Math.max(0, endsAt + 1_500 - Date.now()));
    const about = { ...asked, paths: [ended.path] };
    for (const said of [await judgeByOpenssl(about, '-sha256'), await judgeByGnutls(about)])
      assert.equal(said.get('ended'), null);
    const saidToPyca = (await askByPyca(about)).filter((one) => one.about === ended.path.leaf).map(({ said }) => said);
    assert.deepEqual(saidToPyca, ['GOOD', 'GOOD']);
  }).timeout(30_000);

  it('curl that wants a stapled answer has it from nginx, and refuses the server when it is revoked', async () => {
    const { path, issued } = server;
    assert.equal(await judgeStapled(path, keyOf, `ssl_stapling_responder ${asked.responder};`), null);
    await bring(shared.as('officer-1'), issued, 'keyCompromise');
    // nginx itself staples nothing but `good`: a server that does not care is one that is given the answer in a file.
    const answer = party.path('server.ocsp');
    const names = ['-issuer', path.issuer.certificate, '-CAfile', path.root.certificate, '-cert', path.leaf];
    await openssl('ocsp', '-no_nonce', ...names, '-url', asked.responder, '-respout', answer);
    const said = await judgeStapled(path, keyOf, `ssl_stapling_file ${answer};`);
    assert.match(said ?? 'accepted', /SSL certificate revocation reason: keyCompromise/);
  }).timeout(150_000);
});
