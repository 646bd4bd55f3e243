/**
 * Two signers with the same keys know nothing of each other. What they may sign together is what
 * `ops/hsm.md` says: each counts its own certificates, and each has its own last list.
 */
import assert from 'node:assert/strict';
import { openJournal } from '../../../../hsm/signer/journal.js';
import { createSignerCore, type SignerCore } from '../../../../hsm/signer/signer-core.js';
import { createFrameDecoder, encodeFrame, type FrameContent } from '../../../../hsm/wire/frames.js';
import { ok } from '../../../../src/kernel/result.js';
import type { IssuerId } from '../../../../src/ports/signer.js';
import { testChecker } from '../../../support/hsm/checker.js';
import { tbsCertificate, tbsCertList } from '../../../support/hsm/der.js';
import { removeFolder, temporaryFolder } from '../../../support/hsm/signers.js';

const ISSUER = 'aci-te-pp' as IssuerId;
/** The cap of `test/rare` in the checker of the tests. */
const CAP = 3;

describe('two signers with the same keys', () => {
  const closing: (() => Promise<void>)[] = [];
  let signers: readonly SignerCore[];

  beforeEach(async () => {
    signers = await Promise.all([start(), start()]);
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function start(): Promise<SignerCore> {
    const folder = temporaryFolder();
    const opened = await openJournal(folder, { crlIssuers: [ISSUER] });
    assert(opened.ok);
    const { journal, recent } = opened.value;
    closing.push(async () => {
      await journal.close();
      removeFolder(folder);
    });
    return createSignerCore({
      tokenKind: 'ca',
      checker: testChecker,
      journal,
      keys: new Map([[ISSUER, { keyType: 'p-384', sign: async () => ok(Uint8Array.of(1)) }]]),
      recent,
      clock: () => 0,
      monotonic: () => 0,
      alarm: () => undefined,
      fault: () => undefined,
    });
  }

  /** Returns the type of the first answer. */
  function ask(signer: SignerCore | undefined, ...contents: readonly FrameContent[]): Promise<string> {
    return new Promise((resolve) => {
      for (const content of contents) {
        const frames = createFrameDecoder().push(encodeFrame(content));
        assert(frames.ok && frames.value[0]);
        signer?.handle(frames.value[0], ({ type }) => resolve(type));
      }
    });
  }

  it('sign twice the cap of a profile in an hour, and no more', async () => {
    const meta = { issuer: ISSUER, profile: 'test/rare' };
    const signed: number[] = [];
    for (const signer of signers) {
      let count = 0;
      for (let number = 1; number <= 2 * CAP; number += 1) {
        const body = tbsCertificate(`${signers.indexOf(signer)}${number}`);
        if ((await ask(signer, { type: 'certificate', id: 1, meta, body })) === 'signature') count += 1;
      }
      signed.push(count);
    }
    assert.deepEqual(signed, [CAP, CAP]);
  });

  it('each refuse a list number that is not above their own last one', async () => {
    const list = (signer: SignerCore | undefined, number: number): Promise<string> =>
      ask(
        signer,
        { type: 'crl-begin', id: 9, meta: { issuer: ISSUER } },
        { type: 'crl-chunk', id: 9, body: tbsCertList(number) },
        { type: 'crl-end', id: 9 },
      );
    const [first, second] = signers;
    assert.equal(await list(first, 8), 'signature');
    assert.equal(await list(second, 7), 'signature');
    assert.equal(await list(first, 7), 'refused');
    assert.equal(await list(second, 6), 'refused');
    assert.equal(await list(second, 9), 'signature');
  });
});
