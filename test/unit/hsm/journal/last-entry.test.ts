/**
 * The last signature of a journal, which a start compares with the database. If it were missed, an
 * older database would be taken for the newest one.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatLine, type JournalEntry, type LineContent } from '../../../../hsm/journal/journal-entry.js';
import { lastEntry } from '../../../../hsm/journal/last-entry.js';
import { segmentFile } from '../../../../hsm/journal/segments.js';

type CertificateEntry = Extract<JournalEntry, { readonly kind: 'certificate' | 'responder-certificate' }>;

const SHA256 = 'ab'.repeat(32);
const isCertificate = (entry: JournalEntry): entry is CertificateEntry => entry.kind === 'certificate';

describe('the last entry of a journal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-journal-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  function line(seq: number, members: LineContent['members']): string {
    return `${formatLine({ at: 1_800_000_000_000, steadyAt: null, members }, { seq, prev: '0'.repeat(64) })}\n`;
  }
  const certificate = (seq: number, serial: string) =>
    line(seq, { kind: 'certificate', issuer: 'aci-fo-pp', serial, profile: 'fort/cps-signature', sha256: SHA256 });
  const others = (count: number) =>
    Array.from({ length: count }, (_, at) =>
      line(10 + at, { kind: 'ocsp', issuer: 'aci-fo-pp', sha256: [SHA256] }),
    ).join('');
  const serialOf = async (...segments: readonly string[]): Promise<string | undefined> => {
    for (const [at, content] of segments.entries()) writeFileSync(segmentFile(folder, at + 1), content);
    return (await lastEntry(folder, isCertificate))?.serial;
  };

  it('is found at the end, and behind an unfinished line', async () => {
    const both = certificate(1, '01') + certificate(2, '02');
    assert.equal(await serialOf(both), '02');
    assert.equal(await serialOf(both + certificate(3, '03').slice(0, 40)), '02');
  });

  it('is found far before the end, wherever a piece that is read begins', async () => {
    for (let more = 0; more < 3; more += 1)
      assert.equal(await serialOf(certificate(1, '01') + others(1_500 + more)), '01');
  });

  it('is found in an earlier segment', async () => {
    assert.equal(await serialOf(certificate(1, '01') + certificate(2, '02'), others(3)), '02');
    rmSync(segmentFile(folder, 2));
  });

  it('is not there in an empty journal, without a journal, and among others', async () => {
    assert.equal(await serialOf(''), undefined);
    assert.equal(await serialOf(others(3)), undefined);
    assert.equal(await lastEntry(join(folder, 'none'), isCertificate), null);
  });
});
