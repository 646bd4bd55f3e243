/**
 * The signatures of cards, with OpenSSL as the independent signer: without these tests, the service
 * could refuse what cards sign, or accept what their keys have not signed.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { constants, createHash, privateEncrypt, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../src/package/package-root.js';
import { checkProof, type ProofBody, readProof } from '../../../src/updates/proof.js';
import { eachMutation } from '../../support/mutated-bytes.js';
import { CARD_KEYS, type CardKey, makeOpensslCard, type OpensslCard } from '../../support/updates/openssl-cards.js';
import {
  BEGIN,
  CERTIFICATE,
  CONFIRM,
  canonicalText,
  expectedOf,
  octetsOf,
  proofBy,
  REVOKE,
  sha256Of,
} from '../../support/updates/statements.js';
import { pairOf, rsaPair } from '../x509/keys.js';

const TYPES = Object.keys(CARD_KEYS) as readonly CardKey[];
const TEXT = canonicalText(REVOKE);
const CONTENT = octetsOf(TEXT);

describe('a proof of a card', () => {
  let folder: string;
  const cards = new Map<CardKey, OpensslCard>();
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-proofs-'));
    for (const type of TYPES) cards.set(type, makeOpensslCard(folder, type));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const cardOf = (type: CardKey): OpensslCard => cards.get(type) ?? assert.fail();

  async function rulesOf(
    body: ProofBody,
    tbs: Parameters<typeof checkProof>[2],
    statement: Parameters<typeof expectedOf>[0] = REVOKE,
  ): Promise<readonly string[]> {
    const read = readProof(body);
    const violations = read.ok ? await checkProof(read.value, expectedOf(statement), tbs) : [read.error];
    assert.ok(violations.every(({ pointer }) => pointer === '/proof'));
    return violations.map(({ rule }) => rule);
  }
  const cmsOf = (cms: string): ProofBody => ({ certificateId: CERTIFICATE, cms });

  for (const type of TYPES)
    it(`signed by OpenSSL with a key of ${type} is accepted, and no other key's`, async () => {
      const { tbs, sign: signText } = cardOf(type);
      for (const statement of [BEGIN, CONFIRM, REVOKE]) {
        const text = canonicalText(statement);
        const body = { certificateId: CERTIFICATE, statement: text, signature: signText(text) };
        assert.deepEqual(await rulesOf(body, tbs, statement), []);
        const read = readProof(body);
        assert.ok(read.ok);
        assert.equal(read.value.sha256, sha256Of(octetsOf(text)));
      }
      const signature = signText(TEXT);
      const body = { certificateId: CERTIFICATE, statement: TEXT, signature };
      for (const other of TYPES)
        if (other !== type) assert.deepEqual(await rulesOf(body, cardOf(other).tbs), ['signature-verifies'], other);
      assert.deepEqual(await rulesOf(body, null), ['certificate-of-this-card']);
      const [first, ...rest] = Buffer.from(signature, 'base64');
      const spoiled = Buffer.from([...rest, first ?? 0]).toString('base64');
      assert.deepEqual(await rulesOf({ ...body, signature: spoiled }, tbs), ['signature-verifies']);
      assert.deepEqual(await rulesOf({ ...body, signature: '' }, tbs), ['signature-verifies']);
      const other = canonicalText({ ...REVOKE, reason: 'unspecified' });
      assert.deepEqual(await rulesOf({ ...body, statement: other }, tbs, { ...REVOKE, reason: 'unspecified' }), [
        'signature-verifies',
      ]);
    });

  for (const type of TYPES)
    it(`in a CMS of OpenSSL with a key of ${type} is accepted, and no other key's`, async () => {
      const { tbs, cms } = cardOf(type);
      const ways = [[], ['-nocerts', '-nosmimecap'], ['-keyid'], ['-md', 'sha384'], ['-md', 'sha512']];
      // RFC 8419 3.1: with signed attributes, Ed25519 goes with SHA-512 only.
      for (const options of type === 'ed25519' ? [['-md', 'sha512']] : ways) {
        const made = cms(CONTENT, ...options);
        assert.deepEqual(await rulesOf(cmsOf(made), tbs), [], options.join(' '));
        const read = readProof(cmsOf(made));
        assert.ok(read.ok);
        assert.equal(read.value.sha256, sha256Of(CONTENT));
      }
      const made = cms(CONTENT, ...(type === 'ed25519' ? ['-md', 'sha512'] : []));
      assert.deepEqual(await rulesOf(cmsOf(made), cardOf(type === 'p-256' ? 'rsa-2048' : 'p-256').tbs), ['cms-shape']);
      const twin = { ...tbs, spki: cardOf(type === 'p-256' ? 'rsa-2048' : 'p-256').tbs.spki };
      assert.deepEqual(await rulesOf(cmsOf(made), twin), ['signature-verifies']);
    });

  it('in a CMS with RSASSA-PSS is accepted', async () => {
    const { tbs, cms } = cardOf('rsa-2048');
    assert.deepEqual(await rulesOf(cmsOf(cms(CONTENT, '-keyopt', 'rsa_padding_mode:pss')), tbs), []);
  });

  it('in a CMS of another shape is refused', async () => {
    const card = cardOf('p-256');
    const second = cardOf('p-384');
    const shapes: readonly (readonly string[])[] = [
      ['-noattr'],
      second.asSigner,
      ['-md', 'sha1'],
      ['-md', 'sha224'],
      ['-econtent_type', '1.2.840.113549.1.7.5'],
    ];
    for (const options of shapes)
      assert.deepEqual(await rulesOf(cmsOf(card.cms(CONTENT, ...options)), card.tbs), ['cms-shape'], options.join(' '));
    for (const content of [Buffer.from('log me in'), CONTENT.subarray(1), Buffer.concat([CONTENT, Buffer.of(0x80)])])
      assert.deepEqual(await rulesOf(cmsOf(card.cms(content)), card.tbs), ['cms-shape']);
    const made = Buffer.from(card.cms(CONTENT), 'base64');
    for (const der of [made.subarray(1), made.subarray(0, -1), Buffer.concat([made, Buffer.of(0)]), Buffer.alloc(0)])
      assert.deepEqual(await rulesOf(cmsOf(der.toString('base64')), card.tbs), ['cms-shape']);
    assert.deepEqual(await rulesOf(cmsOf('*'), card.tbs), ['cms-shape']);
    assert.deepEqual(await rulesOf(cmsOf(card.cms(octetsOf(` ${TEXT}`))), card.tbs), ['statement-canonical']);
    assert.deepEqual(await rulesOf(cmsOf(card.cms(octetsOf('{"verb":"login"}'))), card.tbs), ['statement-members']);
  });

  it('with other content than was signed in its CMS is refused', async () => {
    const card = cardOf('p-256');
    const made = Buffer.from(card.cms(CONTENT), 'base64');
    const at = made.indexOf('keyCompromise');
    const changed = Buffer.from(made);
    changed.write('superseded', at);
    assert.deepEqual(await rulesOf(cmsOf(changed.toString('base64')), card.tbs), ['statement-members']);
    const card2 = Buffer.from(made);
    card2.write('8025000001/2600301753', made.indexOf('8025000001'));
    assert.deepEqual(await rulesOf(cmsOf(card2.toString('base64')), card.tbs), [
      'statement-card',
      'signature-verifies',
    ]);
  });

  it('is refused when the key has signed with another padding or hash than its own', async () => {
    const { privateKey, spki } = rsaPair(2_048);
    const tbs = { ...cardOf('rsa-2048').tbs, spki };
    const ofSignature = (signature: Uint8Array): ProofBody => ({
      certificateId: CERTIFICATE,
      statement: TEXT,
      signature: Buffer.from(signature).toString('base64'),
    });
    assert.deepEqual(await rulesOf(proofBy(privateKey, REVOKE), tbs), []);
    const pss = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING };
    const others = [
      sign('sha256', CONTENT, pss),
      sign('sha512', CONTENT, privateKey),
      sign('sha1', CONTENT, privateKey),
      privateEncrypt(privateKey, createHash('sha256').update(CONTENT).digest()),
    ];
    for (const signature of others)
      assert.deepEqual(await rulesOf(ofSignature(signature), tbs), ['signature-verifies']);
    const curve = pairOf('p-384');
    const onCurve = { ...tbs, spki: curve.spki };
    const raw = sign('sha384', CONTENT, { key: curve.privateKey, dsaEncoding: 'ieee-p1363' });
    for (const signature of [sign('sha256', CONTENT, curve.privateKey), raw])
      assert.deepEqual(await rulesOf(ofSignature(signature), onCurve), ['signature-verifies']);
    // The text without its prefix, as a login page would have it signed.
    const bare = sign('sha384', Buffer.from(TEXT), curve.privateKey);
    assert.deepEqual(await rulesOf(ofSignature(bare), onCurve), ['signature-verifies']);
  });

  it('is made by the commands of ops/card-statements.md', async () => {
    const { tbs } = makeOpensslCard(folder, 'p-256', 'card');
    const page = readFileSync(join(packageRoot(), 'ops', 'card-statements.md'), 'utf8');
    const [block = '', ...others] = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
    assert.deepEqual(others, [], 'a new block needs a test');
    const said = execFileSync('bash', ['-euo', 'pipefail', '-c', block], { cwd: folder, encoding: 'utf8' });
    const hash = /SHA2?-?256\(signed-octets\)= ([0-9a-f]{64})/.exec(said)?.[1];
    assert.ok(hash !== undefined && page.includes(`\`${hash}\``), said);
    assert.equal(hash, sha256Of(CONTENT));
    const read = (name: string): Buffer => readFileSync(join(folder, name));
    const statement = read('statement.json').toString('utf8');
    const signed = { certificateId: CERTIFICATE, statement, signature: read('signature').toString('base64') };
    assert.deepEqual(await rulesOf(signed, tbs), []);
    assert.deepEqual(await rulesOf(cmsOf(read('statement.cms').toString('base64')), tbs), []);
  });

  it('is read without an exception, whatever octets its CMS has', () => {
    const valid = new Uint8Array(Buffer.from(cardOf('p-256').cms(CONTENT, '-nocerts'), 'base64'));
    eachMutation(valid, (mutated) => void readProof(cmsOf(Buffer.from(mutated).toString('base64'))));
  });
});
