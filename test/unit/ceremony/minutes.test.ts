/** Minutes say what the transcript says, in both languages, on a page and on paper. */
import assert from 'node:assert/strict';
import { inflateSync } from 'node:zlib';
import { minutesHtml } from '../../../src/ceremony/minutes/html.js';
import { minutesOf } from '../../../src/ceremony/minutes/minutes.js';
import { performCeremony } from '../../../src/ceremony/perform.js';
import { recordedFiles } from '../../../src/ceremony/recorded-files.js';
import { readEntries, splitLines } from '../../../src/ceremony/transcript.js';
import { verifyTranscript } from '../../../src/ceremony/verify.js';
import { minutesPdf } from '../../../src/cli/ceremony-minutes-pdf.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { emptyDisk, fakeWorld, Killed, NOW, testPlan, testPolicy } from './fake-world.js';

describe('minutes of a ceremony', function () {
  this.timeout(120_000);
  const policy = testPolicy();
  const plan = testPlan('fort', policy);
  const disk = emptyDisk();
  before(async () => {
    // Cut off once, and gone on with: minutes tell of that too.
    await assert.rejects(
      performCeremony(fakeWorld(disk, { policy, kill: { at: 25, when: 'after' } }).world, plan),
      Killed,
    );
    assert.ok((await performCeremony(fakeWorld(disk, { policy, now: NOW + 60_000 }).world, plan)).ok);
  });
  const made = () => {
    const { lines } = splitLines(new TextDecoder().decode(disk.files.get('ceremony/fort/transcript.ndjson')));
    const artefacts = (path: string): Bytes | null => disk.files.get(path) ?? null;
    const verified = verifyTranscript(lines, artefacts);
    const entries = readEntries(lines);
    assert.ok(verified.ok && entries.ok);
    const { title, steps } = plan;
    const given = { entries: entries.value, verified: verified.value, title, steps, artefacts };
    return { given, minutes: minutesOf(given) };
  };

  it('name everybody, every step, every file with its hash, the interruption, and the final hash; French and English', () => {
    const { given, minutes } = made();
    const html = minutesHtml(minutes);
    for (const { name } of plan.people) assert.ok(html.includes(name), name);
    for (const entry of given.entries)
      for (const { path, sha256 } of recordedFiles(entry))
        assert.ok(html.includes(path) && html.includes(sha256), path);
    for (const said of [
      given.verified.head,
      plan.digest,
      'reprise après une interruption',
      'resumption after an interruption',
    ])
      assert.ok(html.includes(said), said);
    assert.ok(html.includes('génération de la clé acr-fo') && html.includes('generating key acr-fo'));
    assert.ok(html.includes('TEST AC RACINE IGC-SANTE FORT'));
    assert.ok(html.includes('RÉPÉTITION OU ESSAI'));
  });

  it('are a page that fetches nothing and runs nothing, whatever a plan calls things', () => {
    const { given } = made();
    const html = minutesHtml(minutesOf({ ...given, title: { fr: '<script>alert(1)</script>', en: '"&' } }));
    assert.ok(!html.includes('<script') && html.includes('&lt;script&gt;'));
    assert.doesNotMatch(html, /<(img|link|iframe|script)|src=|url\(/);
  });

  it('are the same on paper: the text is in the PDF, which is the same octets each time', async () => {
    const { given, minutes } = made();
    const pdf = await minutesPdf(minutes, NOW);
    assert.deepEqual(await minutesPdf(minutes, NOW), pdf);
    const text = textOf(pdf);
    for (const said of [
      'Procès-verbal de cérémonie de clés',
      'Minutes of a key ceremony',
      given.verified.head,
      plan.digest,
    ])
      assert.ok(text.includes(said), said);
    for (const { name } of plan.people) assert.ok(text.includes(name), name);
  });
});

/** What a PDF shows: the hexadecimal strings of its inflated streams, in the order they are drawn. */
function textOf(pdf: Bytes): string {
  const whole = Buffer.from(pdf);
  let text = '';
  for (let at = whole.indexOf('stream\n'); at >= 0; at = whole.indexOf('\nstream\n', at + 1)) {
    const from = whole.indexOf('stream\n', at) + 'stream\n'.length;
    const shown = inflated(whole.subarray(from, whole.indexOf('\nendstream', from)));
    for (const [, hex = ''] of shown.matchAll(/<([0-9a-f]+)>/g)) text += Buffer.from(hex, 'hex').toString('latin1');
  }
  return text;
}

function inflated(stream: Buffer): string {
  try {
    return inflateSync(stream).toString('latin1');
  } catch {
    return '';
  }
}
