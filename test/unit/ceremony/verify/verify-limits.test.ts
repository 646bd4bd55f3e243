/**
 * The author of a forged transcript cannot decide how long its audit takes, how much it reads or
 * how it ends.
 */
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Entry, entryAfter, entryLine } from '../../../../src/ceremony/transcript/transcript.js';
import { RECORDED_FILES_MAX } from '../../../../src/ceremony/verify/artefacts.js';
import {
  describeVerifyFault,
  TRANSCRIPT_BYTES_MAX,
  TRANSCRIPT_LINES_MAX,
  verifyTranscript,
} from '../../../../src/ceremony/verify/verify.js';
import { verifyFile } from '../../../../src/cli/ceremony/verify.js';
import { inBothLanguages } from '../../../../src/kernel/bilingual.js';
import { type Bytes, utf8 } from '../../../../src/kernel/bytes.js';
import { NOW } from '../../../support/ceremony/fake-world.js';
import { temporaryFolder } from '../../../support/ceremony/hierarchy.js';

type LinePart = Pick<Entry, 'action' | 'result'> & { readonly step?: number };

const PLAN = 'ceremony/huge/plan.json';
const sha256 = (content: Bytes): string => createHash('sha256').update(content).digest('hex');

/** A plan without people, tokens and steps. */
const OF_NOTHING = {
  id: 'huge',
  hierarchy: null,
  environment: 'development',
  quorum: { kind: 'none' },
  people: [],
  presence: [],
  tokens: [],
  steps: [],
  window: { notBefore: '2026-01-01T00:00:00Z', notAfter: '2027-01-01T00:00:00Z' },
  software: { name: 'pfcng', version: '*', policyDigest: '*' },
} as const;

/** A valid chain around arbitrary content. */
function written(
  plan: object,
  parts: readonly LinePart[],
): { readonly lines: readonly string[]; readonly plan: Bytes } {
  const text = utf8(JSON.stringify({ ...OF_NOTHING, ...plan }));
  const { hierarchy, environment, quorum, people, software } = OF_NOTHING;
  const recorded = { hierarchy, environment, quorum, people, software: { ...software, version: '0.1.0' } };
  const begin: LinePart = { action: 'begin', result: { ceremony: 'huge', planSha256: sha256(text), ...recorded } };
  let last: Entry | null = null;
  const lines = [begin, ...parts].map(({ step = 0, action, result }) => {
    last = entryAfter(last, { at: NOW, step, action, result });
    return entryLine(last).trimEnd();
  });
  return { lines, plan: text };
}

describe('a malicious transcript', () => {
  const verdict = (lines: readonly string[], files: ReadonlyMap<string, Bytes>): string => {
    const outcome = verifyTranscript(lines, (path) => files.get(path) ?? null);
    return outcome.ok ? 'holds' : inBothLanguages(describeVerifyFault(outcome.error));
  };

  it('is refused unchecked when it has more lines or bytes than any ceremony writes', async () => {
    let asked = 0;
    const lines = Array<string>(TRANSCRIPT_LINES_MAX + 1).fill('x');
    const outcome = verifyTranscript(lines, () => {
      asked += 1;
      return null;
    });
    assert.ok(!outcome.ok && asked === 0);
    assert.match(
      inBothLanguages(describeVerifyFault(outcome.error)),
      /plus de 20000 lignes .* \/ more than 20000 lines or 8388608/,
    );
    assert.match(verdict(['x'.repeat(TRANSCRIPT_BYTES_MAX + 1)], new Map()), /nothing is verified/);
    const folder = join(await temporaryFolder('pfcng-huge-'), 'ceremony/huge');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'transcript.ndjson');
    writeFileSync(file, '');
    truncateSync(file, 2 ** 40);
    const read = await verifyFile(file);
    assert.ok(!read.ok && read.error.kind === 'transcript-too-large');
  });

  it('is refused when it is nested deeply, and does not exhaust the stack', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const { lines, plan } = written({}, [{ action: 'end', result: {} }]);
    const [begin = ''] = lines;
    const altered = begin.replace('"result":{', `"result":{"a":${deep},`);
    assert.match(verdict([altered], new Map([[PLAN, plan]])), /line 1: it is not an entry of a transcript$/);
  });

  it('is checked as fast as any other when it has many ends after its signature', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const transcriptKey = { token: 't', key: 'ceremony-huge' };
    const key: LinePart = { step: 1, action: 'generate-key', result: { ...transcriptKey, publicKey: spki } };
    const ends = Array<LinePart>(TRANSCRIPT_LINES_MAX - 2).fill({ action: 'end', result: {} });
    const { lines, plan } = written({ transcriptKey, steps: [{ do: 'generate-key' }] }, [key, ...ends]);
    const signature = Buffer.from('3006020101020101', 'hex');
    const began = process.cpuUsage();
    const files = new Map([
      [PLAN, plan],
      ['ceremony/huge/transcript.sig', new Uint8Array(signature)],
    ]);
    assert.match(verdict(lines, files), /this is not the signature of the ceremony key over this transcript$/);
    // Without the guard each end would check all lines before it, which takes 50 times as long.
    assert.ok(process.cpuUsage(began).user < 5_000_000, `${process.cpuUsage(began).user} µs`);
  });

  it('has each file read once, and is refused when files are too many or too large', () => {
    const content = new Uint8Array(64 * 1024 * 1024);
    const hash = sha256(content);
    const over = (files: Readonly<Record<string, string>>, lines = 1): { verdict: string; reads: number } => {
      const line: LinePart = { action: 'operate', result: { files } };
      const parts = Array<LinePart>(lines).fill(line);
      const artefacts = { [PLAN]: sha256(written({}, []).plan), ...files };
      const { lines: transcript, plan } = written({}, [...parts, { action: 'end', result: { artefacts } }]);
      let reads = 0;
      const outcome = verifyTranscript(transcript, (path) => {
        if (path === PLAN) return plan;
        reads += 1;
        return content;
      });
      return { verdict: outcome.ok ? 'holds' : describeVerifyFault(outcome.error).en, reads };
    };
    assert.deepEqual(over({ a: hash }, RECORDED_FILES_MAX), { verdict: 'holds', reads: 1 });
    assert.match(over({ a: hash }, RECORDED_FILES_MAX + 1).verdict, /^it names more than 1000 files/);
    const five = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((path) => [path, hash]));
    assert.match(over(five).verdict, /^its files have more than 268435456 bytes/);
  });

  it('is rejected when a file is signed with a key that no step made or read', () => {
    const { lines, plan } = written({ steps: [{ do: 'sign-crl', issuer: 'acr-fo' }] }, [
      {
        step: 1,
        action: 'sign-crl',
        result: { artefact: 'a', sha256: sha256(utf8('x')), issuer: 'acr-fo', token: 't' },
      },
      { action: 'end', result: {} },
    ]);
    const fault = verdict(
      lines,
      new Map([
        [PLAN, plan],
        ['a', utf8('x')],
      ]),
    );
    assert.match(fault, /line 2 names a key of acr-fo that was neither made nor read in this ceremony$/);
  });
});
