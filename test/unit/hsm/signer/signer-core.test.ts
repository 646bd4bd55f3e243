import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { JournalEntry } from '../../../../hsm/journal/journal-entry.js';
import { readJournal } from '../../../../hsm/journal/read-journal.js';
import { REFUSAL_LOG_LIMIT } from '../../../../hsm/log-rate-limiter.js';
import { type Journal, openJournal } from '../../../../hsm/signer/journal.js';
import type { SignerAlarm } from '../../../../hsm/signer/journal-writer.js';
import { createSignerCore, type SignerCore, type SignerFault } from '../../../../hsm/signer/signer-core.js';
import { createFrameDecoder, encodeFrame, type Frame, type FrameContent } from '../../../../hsm/wire/frames.js';
import type { TokenKind } from '../../../../hsm/wire/permissions.js';
import { BENCH_TEXT } from '../../../../hsm/wire/platform-purposes.js';
import type { Bytes } from '../../../../src/kernel/bytes.js';
import { LIMITS } from '../../../../src/kernel/limits.js';
import { err, ok } from '../../../../src/kernel/result.js';
import type { IssuerId } from '../../../../src/ports/signer.js';
import { testChecker } from '../../../support/hsm/checker.js';
import { tbsCertificate, tbsCertList } from '../../../support/hsm/der.js';
import { removeFolder, temporaryFolder } from '../../../support/hsm/signers.js';

const ISSUER = 'aci-te-pp' as IssuerId;
const NOTES: readonly string[] = ['refused', 'alarm', 'tally'];
const leaf = { issuer: ISSUER, profile: 'test/leaf' };

let folder: string;
let journal: Journal | undefined;
let core: SignerCore;
let publicKey: KeyObject;
let faults: SignerFault[];
/** The steps in their order: `journal`, `sign`. */
let steps: string[];
let tokenFails: boolean;
let diskFails: boolean;
let now: number;
let alarms: SignerAlarm[];

/** Starts a signer with the journal of the previous one. */
async function start(tokenKind: TokenKind): Promise<void> {
  await journal?.close();
  const opened = await openJournal(folder, { crlIssuers: [ISSUER] });
  assert(opened.ok);
  const onDisk = opened.value.journal;
  journal = onDisk;
  faults = [];
  steps = [];
  tokenFails = false;
  diskFails = false;
  alarms = [];
  // Replaces the token: signs a given digest with ECDSA, as CKM_ECDSA does.
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  publicKey = pair.publicKey;
  core = createSignerCore({
    tokenKind,
    checker: testChecker,
    journal: {
      ...onDisk,
      append(record) {
        if (!NOTES.includes(record.event.kind)) steps.push('journal');
        if (diskFails) return Promise.resolve(err({ kind: 'journal-not-writable', file: folder, detail: 'a test' }));
        return onDisk.append(record);
      },
    },
    keys: new Map([[ISSUER, { keyType: 'p-384', sign: async (digest) => signDigest(pair.privateKey, digest) }]]),
    recent: opened.value.recent,
    clock: () => now,
    monotonic: () => now,
    alarm: (alarm) => alarms.push(alarm),
    fault: (fault) => faults.push(fault),
  });
}

/** Signs the bytes of the digest, so that a test can check which digest was signed. */
function signDigest(key: KeyObject, digest: Bytes) {
  steps.push('sign');
  if (tokenFails) return err({ kind: 'pkcs11-failed' as const, operation: 'C_Sign', ckr: 'CKR_DEVICE_ERROR' });
  return ok(new Uint8Array(sign('sha256', digest, key)));
}

function frameOf(content: FrameContent): Frame {
  const frames = createFrameDecoder().push(encodeFrame(content));
  assert(frames.ok && frames.value[0]);
  return frames.value[0];
}

/** Sends frames to the core, and returns the first answer. */
function ask(...contents: readonly FrameContent[]): Promise<FrameContent> {
  return new Promise((resolve) => {
    for (const content of contents) core.handle(frameOf(content), resolve);
  });
}
const crlFrames = (tbs: Buffer, id = 9): readonly FrameContent[] => [
  { type: 'crl-begin', id, meta: { issuer: ISSUER } },
  { type: 'crl-chunk', id, body: tbs.subarray(0, 40) },
  { type: 'crl-chunk', id, body: tbs.subarray(40) },
  { type: 'crl-end', id },
];
async function entriesOnDisk(): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of readJournal(folder)) {
    assert(entry.ok);
    entries.push(entry.value);
  }
  return entries;
}
type EntryOf<Kind extends JournalEntry['kind']> = JournalEntry & { readonly kind: Kind };
async function notes<Kind extends JournalEntry['kind']>(kind: Kind): Promise<readonly EntryOf<Kind>[]> {
  return (await entriesOnDisk()).filter((entry): entry is EntryOf<Kind> => entry.kind === kind);
}
async function journaled(): Promise<readonly string[]> {
  return (await entriesOnDisk()).flatMap((entry) => {
    if (NOTES.includes(entry.kind) || !('sha256' in entry)) return [];
    const which = 'serial' in entry ? entry.serial : 'number' in entry ? entry.number : '';
    return [`${entry.kind} ${which} ${entry.sha256}`];
  });
}
const sha256 = (bytes: Bytes): string => createHash('sha256').update(bytes).digest('hex');
function assertSigned(answer: FrameContent, tbs: Bytes): void {
  assert.equal(answer.type, 'signature');
  const digest = createHash('sha384').update(tbs).digest();
  assert(verify('sha256', digest, publicKey, answer.body ?? new Uint8Array(0)));
}
function assertRefused(answer: FrameContent, rule: string): void {
  assert.equal(answer.type, 'refused');
  assert.equal(answer.meta?.rule, rule);
  assert.deepEqual(steps, []);
}

describe('the signer', () => {
  beforeEach(() => {
    folder = temporaryFolder();
    now = 0;
    return start('ca');
  });
  afterEach(async () => {
    await journal?.close();
    journal = undefined;
    removeFolder(folder);
  });

  it('journals the digest of a certificate before it signs, and signs the hash of exactly those bytes', async () => {
    const tbs = tbsCertificate('0a0b');
    const answer = await ask({ type: 'certificate', id: 1, meta: leaf, body: tbs });
    assertSigned(answer, tbs);
    assert.deepEqual(steps, ['journal', 'sign']);
    assert.deepEqual(await journaled(), [`certificate 0a0b ${sha256(tbs)}`]);
  });

  it('signs nothing and journals nothing that the checker refuses', async () => {
    assertRefused(
      await ask({ type: 'certificate', id: 1, meta: { ...leaf, profile: 'other' }, body: tbsCertificate('01') }),
      'test-profile',
    );
    assert.deepEqual(await journaled(), []);
  });

  it('signs the same bytes again, and no other bytes under their serial number, also after a restart', async () => {
    const [tbs, other] = [tbsCertificate('0a0b'), tbsCertificate('0a0b', 601)];
    const asked = (body: Bytes) => ask({ type: 'certificate', id: 1, meta: leaf, body });
    assertSigned(await asked(tbs), tbs);
    for (const restarted of [false, true]) {
      if (restarted) await start('ca');
      steps = [];
      assertRefused(await asked(other), 'serial-used');
      assertSigned(await asked(tbs), tbs);
    }
    assert.deepEqual(new Set((await notes('refused')).map((note) => note.sha256)), new Set([sha256(other)]));
  });

  it('of two requests with one serial number at the same time signs the first', async () => {
    const asked = [600, 601].map((filler) => tbsCertificate('0a0b', filler));
    const answers = await Promise.all(asked.map((body) => ask({ type: 'certificate', id: 1, meta: leaf, body })));
    assert.deepEqual(answers.map(({ type }) => type).join(), 'signature,refused');
  });

  for (const [what, body] of [
    ['a SHA-256 digest', Buffer.alloc(32, 0x30)],
    ['a SHA-384 digest', Buffer.alloc(48, 1)],
    ['nothing', Buffer.alloc(0)],
    ['a SEQUENCE with octets after it', Buffer.concat([tbsCertificate('01'), Buffer.of(0)])],
    ['a short SEQUENCE with an octet after it', Buffer.from('300000', 'hex')],
    ['a SEQUENCE cut short', tbsCertificate('01').subarray(0, -1)],
    ['a SEQUENCE of indefinite length', Buffer.from('30800000', 'hex')],
    ['a SEQUENCE whose length is not minimal', Buffer.from('30810100', 'hex')],
  ] as const) {
    it(`refuses ${what} instead of to-be-signed bytes`, async () => {
      assertRefused(await ask({ type: 'certificate', id: 1, meta: leaf, body }), 'tbs-not-a-sequence');
    });
  }

  it('refuses what is longer than any certificate, a meta that is no JSON object, and bytes after an OCSP response', async () => {
    const long = tbsCertificate('01', LIMITS.tbsCertificateBytesMax);
    assertRefused(await ask({ type: 'certificate', id: 1, meta: leaf, body: long }), 'tbs-too-long');
    const body = tbsCertificate('01');
    assertRefused(await ask({ type: 'certificate', id: 1, meta: [] as never, body }), 'frame-meta');
    await start('ocsp');
    const more = Buffer.concat([body, Buffer.of(0)]);
    assertRefused(await ask({ type: 'ocsp', id: 1, meta: { issuer: ISSUER }, body: more }), 'tbs-not-a-sequence');
  });

  it('refuses a DigestInfo, which is a SEQUENCE, because the checker reads it', async () => {
    const digestInfo = Buffer.from(`3031300d060960864801650304020105000420${'00'.repeat(32)}`, 'hex');
    assertRefused(await ask({ type: 'certificate', id: 1, meta: leaf, body: digestInfo }), 'test-form');
  });

  it('refuses an issuer whose key it does not have, and a frame without one', async () => {
    const body = tbsCertificate('01');
    assertRefused(
      await ask({ type: 'certificate', id: 1, meta: { ...leaf, issuer: 'aci-fo-pp' }, body }),
      'issuer-unknown',
    );
    assertRefused(await ask({ type: 'certificate', id: 1, meta: {}, body }), 'issuer-unknown');
  });

  const foreign: readonly (readonly [TokenKind, FrameContent['type']])[] = [
    ['ca', 'ocsp'],
    ['ca', 'platform'],
    ['ocsp', 'certificate'],
    ['ocsp', 'crl-begin'],
    ['ocsp', 'platform'],
    ['platform', 'certificate'],
    ['platform', 'crl-begin'],
    ['platform', 'ocsp'],
    ['ocsp', 'responder-certificate'],
    ['platform', 'responder-certificate'],
  ];
  for (const [kind, type] of foreign) {
    it(`a ${kind} token refuses ${type}`, async () => {
      await start(kind);
      assertRefused(await ask({ type, id: 1, meta: leaf, body: tbsCertificate('01') }), 'kind-not-of-this-token');
    });
  }

  it('a CRL is signed over all its chunks, and journaled with its number', async () => {
    const tbs = tbsCertList(5);
    assertSigned(await ask(...crlFrames(tbs)), tbs);
    assert.deepEqual(await journaled(), [`crl 5 ${sha256(tbs)}`]);
  });

  it('the same CRL is signed again; a lower number, or the same with other bytes, is not, even after a restart', async () => {
    await ask(...crlFrames(tbsCertList(5)));
    for (const restarted of [false, true]) {
      if (restarted) await start('ca');
      steps = [];
      assertRefused(await ask(...crlFrames(tbsCertList(4))), 'crl-number-not-rising');
      assertRefused(await ask(...crlFrames(tbsCertList(5, 101))), 'crl-number-not-rising');
      assertSigned(await ask(...crlFrames(tbsCertList(5))), tbsCertList(5));
    }
    assertSigned(await ask(...crlFrames(tbsCertList(6))), tbsCertList(6));
  });

  it('a CRL that is refused before its end is answered once, and its remaining parts are ignored', async () => {
    const answers: FrameContent[] = [];
    const frames = crlFrames(Buffer.concat([Buffer.of(0x31), tbsCertList(1)]));
    for (const content of frames) core.handle(frameOf(content), (answer) => answers.push(answer));
    while (answers.length === 0) await new Promise(setImmediate);
    assert.deepEqual(
      answers.map((answer) => answer.meta?.rule),
      ['test-form'],
    );
    assert.deepEqual(steps, []);
  });

  it('an aborted CRL is not signed', async () => {
    const [begin, first, second, end] = crlFrames(tbsCertList(1));
    assert(begin && first && second && end);
    const answers: FrameContent[] = [];
    for (const content of [begin, first, second, { type: 'crl-abort', id: 9 } as const, end]) {
      core.handle(frameOf(content), (answer) => answers.push(answer));
    }
    await new Promise(setImmediate);
    assert.deepEqual([answers, steps], [[], []]);
  });

  it('a platform token signs what its purposes need, and nothing else', async () => {
    await start('platform');
    const asked = (purpose: string | null, body: Bytes) =>
      ask({ type: 'platform', id: 1, meta: { issuer: ISSUER, ...(purpose === null ? {} : { purpose }) }, body });
    assertSigned(await asked('bench', BENCH_TEXT), BENCH_TEXT);
    steps = [];
    for (const body of [Buffer.from('forged checkpoint'), tbsCertificate('01'), tbsCertList(1)]) {
      for (const purpose of ['checkpoint', null]) assertRefused(await asked(purpose, body), 'platform-purpose');
      assertRefused(await asked('bench', body), 'platform-bench-text');
      assertRefused(await asked('receipt', body), 'platform-receipt');
    }
    assertRefused(await asked('bench', Buffer.concat([BENCH_TEXT, Buffer.of(0)])), 'platform-bench-text');
  });

  describe('the journal of refusals', () => {
    const bad = (at: number): FrameContent => ({
      type: 'certificate',
      id: at,
      meta: { ...leaf, profile: 'other' },
      body: tbsCertificate('01'),
    });

    it('has rule, digest, issuer and kind of request on disk before the answer', async () => {
      // Read before anything else happens.
      const journal = ask(bad(1)).then(() => readFileSync(`${folder}/journal.000001.ndjson`, 'utf8'));
      assert.match(await journal, /"kind":"refused"/);
      const [note] = await notes('refused');
      assert.deepEqual(
        [note?.rule, note?.issuer, note?.asked, note?.sha256],
        ['test-profile', ISSUER, 'certificate', sha256(tbsCertificate('01'))],
      );
    });

    it('has the digest of the part of a CRL that was read', async () => {
      const tbs = Buffer.concat([Buffer.of(0x31), tbsCertList(1)]);
      await ask(...crlFrames(tbs));
      const [note] = await notes('refused');
      assert.deepEqual([note?.asked, note?.sha256], ['crl', sha256(tbs.subarray(0, 40))]);
    });

    it('has the refusals that the supervisor reports, which get no answer', async () => {
      const note: FrameContent = { type: 'refused', id: 0, meta: { rule: 'kind-not-of-this-role' } };
      core.handle(frameOf(note), () => assert.fail('an answer'));
      while ((await notes('refused')).length === 0) await new Promise(setImmediate);
      assert.equal((await notes('refused'))[0]?.rule, 'kind-not-of-this-role');
    });

    it('has a limited number a minute in a flood, and each request is answered', async () => {
      const answers = await Promise.all(Array.from({ length: 200 }, (_, at) => ask(bad(at))));
      assert.equal(answers.filter(({ type }) => type === 'refused').length, 200);
      assert.equal((await notes('refused')).length, REFUSAL_LOG_LIMIT.linesMax);
    });

    it('has no text of a frame but ids: an issuer of another form is left out', async () => {
      await ask({ ...bad(1), meta: { ...leaf, issuer: 'Jeanne Martin' } });
      assert.equal((await notes('refused'))[0]?.issuer, null);
    });
  });

  describe('the rate cap of a profile', () => {
    const rare = (serial: string): FrameContent => ({
      type: 'certificate',
      id: 1,
      meta: { ...leaf, profile: 'test/rare' },
      body: tbsCertificate(serial),
    });

    it('allows so many signatures, then says when the next is possible, with one alarm, after a restart too', async () => {
      for (const serial of ['01', '02', '03']) assertSigned(await ask(rare(serial)), tbsCertificate(serial));
      for (const restarted of [false, true]) {
        if (restarted) await start('ca');
        steps = [];
        for (const serial of ['04', '05']) {
          const answer = await ask(rare(serial));
          assert.equal(answer.type, 'unavailable');
          assert.equal(answer.meta?.retryAfterMs, 61 * 60_000);
        }
        assert.deepEqual(steps, [], 'neither journaled as a signature nor signed');
        assert.deepEqual(
          alarms.map(({ alarm, subject }) => [alarm, subject]),
          [['rate-cap', 'test/rare']],
        );
        assert.match(alarms[0]?.detail ?? '', /^test\/rare has reached its cap of 3/);
      }
      assert.equal((await notes('alarm'))[0]?.profile, 'test/rare');
      assertSigned(await ask({ ...rare('06'), meta: leaf }), tbsCertificate('06'));
      now += 61 * 60_000;
      assertSigned(await ask(rare('04')), tbsCertificate('04'));
    });

    it('a tally in each minute saves a start from reading the hour', async () => {
      for (let minute = 0; minute < 3; minute += 1) {
        now = minute * 60_000;
        await ask(rare(`0${minute + 1}`));
      }
      assert.deepEqual(
        (await notes('tally')).map(({ tally }) => tally),
        [{ 'test/rare': { 0: 1 } }, { 'test/rare': { 0: 1, 1: 1 } }],
      );
      await start('ca');
      assert.equal((await ask(rare('04'))).type, 'unavailable');
    });
  });

  it('a token that fails gives a fault and no answer, after the journal entry', async () => {
    tokenFails = true;
    core.handle(frameOf({ type: 'certificate', id: 1, meta: leaf, body: tbsCertificate('01') }), () => assert.fail());
    while (faults.length === 0) await new Promise(setImmediate);
    assert.deepEqual(faults, [{ kind: 'pkcs11-failed', operation: 'C_Sign', ckr: 'CKR_DEVICE_ERROR' }]);
    assert.deepEqual(steps, ['journal', 'sign']);
  });

  it('a journal that cannot be written gives a fault each time, and neither signature nor refusal', async () => {
    diskFails = true;
    for (const profile of ['test/leaf', 'other'])
      core.handle(frameOf({ type: 'certificate', id: 1, meta: { ...leaf, profile }, body: tbsCertificate('01') }), () =>
        assert.fail('an answer'),
      );
    while (faults.length < 2) await new Promise(setImmediate);
    await new Promise(setImmediate);
    assert.deepEqual(
      faults.map(({ kind }) => kind),
      ['journal-not-writable', 'journal-not-writable'],
    );
    assert.deepEqual(steps, ['journal'], 'nothing was signed');
  });
});
