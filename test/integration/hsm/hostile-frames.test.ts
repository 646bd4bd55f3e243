/**
 * Ten thousand frames that a stolen service might send to the signers of a running platform. None
 * is signed, none is journaled as a signature, and no signer ends. The bytes come from a printed
 * seed, and PFCNG_FAULT_SEED repeats them.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createConnection as connectTo } from 'node:net';
import { join } from 'node:path';
import { type Connection, createConnection } from '../../../hsm/client/connection.js';
import { type FrameType, type Meta, readMeta } from '../../../hsm/wire/frames.js';
import { OID } from '../../../src/asn1/oids.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { subjectKeyIdentifier } from '../../../src/x509/keys/public-key.js';
import { firstElement, journalLines } from '../../fault/ledger.js';
import { seededRandom } from '../../fault/storm.js';
import { assemble, partsOf } from '../../support/lint/fixtures.js';
import type { IssuedCertificate } from '../../support/service/client.js';
import { fromPem } from '../../support/service/csr.js';
import { bodyOf } from '../../support/service/orders.js';
import { runPfcng } from '../../support/service/service.js';
import { type SharedService, sharedService } from '../../support/service/shared.js';

const SEED = Number(process.env.PFCNG_FAULT_SEED ?? randomInt(2 ** 31));
const FRAMES = 10_000;
const AT_ONCE = 100;
const PROFILE = 'elementaire/org-auth-cli';
const ISSUER = 'aci-el-org';

type HostileFrame = { readonly what: string; readonly type: FrameType; readonly meta: Meta; readonly body: Buffer };

/**
 * The certificate of a responder for this key, by the policy of the running service. The
 * certificate of the ceremony cannot be used, because it was made before the port of the service
 * was known, which is in the address of the practice statement.
 */
function responderFor(spki: Bytes, { responder, leaf }: { readonly responder: Buffer; readonly leaf: Buffer }): Buffer {
  const ofLeaf = partsOf(leaf).extensions.find(({ oid }) => oid === OID.certificatePolicies)?.value;
  const sealed = partsOf(responder);
  const values = new Map<string, Bytes | undefined>([
    [OID.certificatePolicies, ofLeaf],
    [OID.subjectKeyIdentifier, Buffer.concat([Buffer.of(0x04, 20), subjectKeyIdentifier(spki)])],
  ]);
  const extensions = sealed.extensions.map((one) => ({ ...one, value: values.get(one.oid) ?? one.value }));
  return Buffer.from(assemble({ ...sealed, spki, extensions }));
}

describe(`ten thousand hostile frames (PFCNG_FAULT_SEED=${SEED})`, () => {
  const random = seededRandom(SEED);
  const below = (limit: number): number => Math.floor(random() * limit);
  const octets = (length: number): Buffer => Buffer.from(Array.from({ length }, () => below(256)));
  let shared: SharedService;
  let good: Buffer;
  let others: readonly { readonly what: string; readonly tbs: Buffer }[];
  const connections: Connection[] = [];

  const socket = (role: string, token: string): string =>
    join(shared.service.at.home, 'run', 'signers', token, role, 'socket');
  const open = (role: string, token: string): Connection => {
    const made = createConnection(socket(role, token), { deadlineMs: 10_000, inFlightMax: 1_000 });
    connections.push(made);
    return made;
  };
  const signed = (): number => journalLines(shared.service.at.home).filter(({ kind }) => kind === 'certificate').length;

  before(async function prepare() {
    shared = await sharedService('p-256');
    const issued = await shared
      .as('card-management')
      .expect<IssuedCertificate>('POST', '/v1/certificates', { body: bodyOf(PROFILE) });
    const [der] = fromPem(issued.certificate);
    assert(der);
    good = firstElement(der);
    const folder = join(shared.service.at.home, 'authorities');
    others = readdirSync(folder)
      .filter((name) => name.endsWith('.cer'))
      .map((name) => ({ what: name, tbs: firstElement(readFileSync(join(folder, name))) }));
  });
  after(() => {
    for (const connection of connections) connection.close();
  });

  const right: Meta = { issuer: ISSUER, profile: PROFILE };
  const PROFILES = [
    'fort/cps-authentication',
    'standard/cpe-signature',
    'elementaire/serv-ssl',
    'ocsp-signing',
    '',
    '../x',
  ];
  const certificate = (what: string, body: Buffer, meta: Meta = right): HostileFrame => ({
    what,
    type: 'certificate',
    meta,
    body,
  });

  /** Each is wrong in a way that only the signer can detect. */
  const MAKERS: readonly (() => HostileFrame)[] = [
    () => certificate('a digest', octets(32)),
    () => certificate('noise', octets(below(2_000))),
    () => certificate('a changed key', withOtherKey(good)),
    () => certificate('cut off', good.subarray(0, below(good.length))),
    () => certificate('gone on', Buffer.concat([good, octets(1 + below(20))])),
    () => certificate('two of them', Buffer.concat([good, good])),
    () => certificate('another profile', good, { issuer: ISSUER, profile: PROFILES[below(PROFILES.length)] ?? '' }),
    () => certificate('another issuer', good, { issuer: 'aci-fo-pp', profile: PROFILE }),
    () => certificate('no issuer', good, { profile: PROFILE }),
    () => certificate('a length that lies', flipLength(good)),
    () => {
      const { what, tbs } = others[below(others.length)] ?? { what: '', tbs: Buffer.alloc(0) };
      return certificate(`the certificate of ${what}`, tbs);
    },
    () => ({ what: 'an OCSP answer', type: 'ocsp', meta: { issuer: ISSUER }, body: good }),
    () => ({ what: 'a platform request', type: 'platform', meta: { issuer: 'platform', purpose: 'cmp' }, body: good }),
    () => ({ what: 'a responder', type: 'responder-certificate', meta: right, body: good }),
    () => ({ what: 'a list', type: 'crl-begin', meta: { issuer: ISSUER }, body: good }),
    () => ({ what: 'an answer', type: 'signature', meta: right, body: good }),
    () => ({ what: 'a configuration', type: 'configure', meta: right, body: good }),
  ];

  /** Replaces the public key, so that the key identifier is not its digest (RFC 5280 4.2.1.2). */
  function withOtherKey(tbs: Buffer): Buffer {
    const at = tbs.indexOf(Buffer.from('034200', 'hex')) + 4;
    assert(at > 4, 'a P-256 key');
    const changed = Buffer.from(tbs);
    octets(64).copy(changed, at);
    return changed;
  }

  function flipLength(tbs: Buffer): Buffer {
    const changed = Buffer.from(tbs);
    changed[3] = (changed[3] ?? 0) ^ (1 + below(255));
    return changed;
  }

  it('get no signature and no signature entry in a journal, and each is refused with its rule', async function flood() {
    const before = signed();
    const { pid } = await pidOf();
    const connection = open('api', 'ca-elementaire');
    const rules = new Map<string, number>();
    for (let sent = 0; sent < FRAMES; sent += AT_ONCE) {
      const hostile = Array.from({ length: AT_ONCE }, (_, at) =>
        (MAKERS[(sent + at) % MAKERS.length] ?? MAKERS[0])?.(),
      );
      await Promise.all(
        hostile.map(async (one) => {
          assert(one);
          const reply = await connection.ask(one.type, one.meta, one.body);
          assert('type' in reply, `${one.what}: ${JSON.stringify(reply)}`);
          assert.equal(reply.type, 'refused', `${one.what}: ${one.body.toString('hex')}`);
          const meta = readMeta(reply);
          assert(meta.ok);
          rules.set(String(meta.value.rule), (rules.get(String(meta.value.rule)) ?? 0) + 1);
        }),
      );
    }
    assert([...rules.values()].reduce((sum, one) => sum + one, 0) >= FRAMES);
    assert(rules.size >= 6, [...rules.keys()].join());
    assert.equal(signed(), before);
    assert.equal((await pidOf()).pid, pid, 'no signer fell over it');
  });

  it('and the same bytes, unchanged, would have been signed', async () => {
    // This proves that the frames above were wrong in content, and not in how they were sent.
    const reply = await open('api', 'ca-elementaire').ask('certificate', right, good);
    assert('type' in reply);
    assert.equal(reply.type, 'signature');
  });

  it('an OCSP-signing certificate is signed for the key of a ceremony when the worker requests it, and for no other key', async () => {
    const meta = { issuer: ISSUER, profile: 'elementaire/ocsp-org' };
    const responder = others.find(({ what }) => what === `${ISSUER}.ocsp.cer`)?.tbs ?? assert.fail('no responder');
    const forKey = (spki: Bytes) => responderFor(spki, { responder, leaf: good });
    const sealed = forKey(partsOf(responder).spki);
    const outcome = async (role: string, frame: HostileFrame): Promise<string> => {
      const reply = await open(role, 'ca-elementaire').ask(frame.type, frame.meta, frame.body);
      assert('type' in reply);
      const meta = readMeta(reply);
      return reply.type === 'refused' && meta.ok ? String(meta.value.rule) : reply.type;
    };
    const again = (body: Buffer): HostileFrame => ({ what: '', type: 'responder-certificate', meta, body });
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const stolen = forKey(publicKey.export({ type: 'spki', format: 'der' }));
    assert.equal(await outcome('api', again(sealed)), 'kind-not-of-this-role');
    assert.equal(await outcome('api', certificate('', sealed, meta)), 'profile-of-responders');
    assert.equal(await outcome('worker', certificate('', sealed, meta)), 'profile-of-responders');
    assert.equal(await outcome('worker', again(stolen)), 'responder-key-not-approved');
    assert.equal(await outcome('worker', again(sealed)), 'signature');
  });

  it('every refusal is counted where the service cannot change it, and goes into the audit log once', async () => {
    const { refusals } = await pidOf();
    assert(Array.isArray(refusals));
    const counted = refusals.reduce((sum: number, { count }: { count: number }) => sum + count, 0);
    assert(counted >= FRAMES, `${counted}`);
    const { home } = shared.service.at;
    const kept = journalLines(home).filter(({ kind }) => kind === 'refused').length;
    assert(kept > 0 && kept < 500, `${kept}`);
    // The job of the service may have copied some of them into the audit log already.
    const { status } = await runPfcng(shared.service.at, 'hsm', 'reconcile', '--json');
    assert.equal(status, 1);
    const search = ['audit', 'search', '--type', 'signer.notes', '--json'];
    const copied = (await runPfcng(shared.service.at, ...search)).stdout;
    assert.match(copied, /"tbs-not-a-sequence":\d+/);
    const again = await runPfcng(shared.service.at, 'hsm', 'reconcile', '--json');
    assert.doesNotMatch(again.stderr, /the signer refused/);
    assert.equal((await runPfcng(shared.service.at, ...search)).stdout, copied);
    const metrics = await (await fetch(`${shared.service.urls.operators}/metrics`)).text();
    const lines = [
      ...metrics.matchAll(/^pfcng_signer_refusals_total\{token="ca-elementaire",rule="([^"]+)"\} (\d+)$/gm),
    ];
    assert.equal(
      lines.reduce((sum, [, , count]) => sum + Number(count), 0),
      counted,
    );
  });

  it('bytes that are no frames close their own connection, and no other', async function garbage() {
    const bystander = open('api', 'ca-elementaire');
    for (let round = 0; round < 500; round += 1) {
      await new Promise<void>((resolve) => {
        // A frame that is too long, too short or of no type ends the connection; others we close.
        const made = connectTo(socket('api', 'ca-elementaire'), () => made.end(octets(5 + below(200))));
        made.on('error', () => undefined).on('close', () => resolve());
        made.resume();
      });
    }
    const reply = await bystander.ask('status', {});
    assert('type' in reply && reply.type === 'state');
  });

  async function pidOf(): Promise<{ readonly pid: unknown; readonly refusals: unknown }> {
    const reply = await open('api', 'ca-elementaire').ask('status', {});
    assert('type' in reply);
    const meta = readMeta(reply);
    assert(meta.ok && meta.value.state === 'ready', JSON.stringify(meta));
    return { pid: meta.value.pid, refusals: meta.value.refusals };
  }
});
