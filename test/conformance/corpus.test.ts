/**
 * Compares our lint with zlint on some five hundred unusual certificates that others made to test
 * readers. The results are equal, or the table of differences says why not. A new difference fails,
 * and so does one that no longer occurs.
 */
import assert from 'node:assert/strict';
import { itemsIn } from '../../src/cli/lint/file.js';
import { lintItem } from '../../src/cli/lint/item.js';
import { formatInstant } from '../../src/kernel/clock.js';
import { STRICT_DER } from '../../src/lint/certificate/lint.js';
import { readCertificate } from '../../src/x509/certificate/certificate-reader.js';
import { agreed, differences, type OurSays } from './zlint/compare.js';
import { type CorpusCertificate, corpusCertificates, corpusFiles, withPemFiles } from './zlint/corpus.js';
import { DIFFERENCES } from './zlint/differences.js';
import { type ZlintSays, zlintOf } from './zlint/judge.js';

const STRANGER = { policy: null, own: [], given: [], profile: null };
const CERTIFICATES_MIN = 400;
const SPOILT = 20;
/** At least this many different rules are violated by the word of both linters. */
const RULES_MIN = 35;
const TIMES_MIN = 250;

describe('unusual certificates of other CAs', () => {
  const files = corpusFiles();
  const certificates = corpusCertificates(files);
  let said: readonly ZlintSays[] = [];

  before(async function judgeAll() {
    said = await withPemFiles(certificates, zlintOf);
  });

  const ourSays = async ({ der }: CorpusCertificate): Promise<OurSays> => {
    const { findings } = await lintItem(STRANGER, { kind: 'certificate', der });
    const read = readCertificate(der);
    const begins = read.ok ? formatInstant(read.value.tbs.notBefore.at).slice(0, 10) : null;
    return { found: new Set(findings.map(({ rule }) => rule)), begins };
  };

  it('are many', () => assert.ok(certificates.length >= CERTIFICATES_MIN, `${certificates.length} certificates`));

  it('and all other files of their folder are read without an exception, each finding in one line', async () => {
    for (const { name, bytes } of files) {
      const items = itemsIn(bytes);
      for (const item of items.ok ? items.value : [])
        for (const { detail } of (await lintItem(STRANGER, item)).findings) assert.match(detail, /^[^\n]+$/, name);
    }
  });

  it('are read without an exception when any of their bytes is changed', async () => {
    let seed = 1;
    const next = (below: number): number => {
      // Lehmer's generator: the same bytes in every run.
      seed = (seed * 48_271) % 0x7fffffff;
      return seed % below;
    };
    let read = 0;
    for (const { der } of certificates) {
      for (let spoilt = 0; spoilt < SPOILT; spoilt += 1) {
        const changed = der.slice();
        for (let octets = 1 + next(3); octets > 0; octets -= 1) changed[next(changed.length)] = next(256);
        const { findings } = await lintItem(STRANGER, { kind: 'certificate', der: changed });
        if (!findings.some(({ rule }) => rule === STRICT_DER.name)) read += 1;
      }
    }
    assert.ok(read > certificates.length, `only ${read} were still certificates`);
  });

  it('give the same findings by both linters, or those of the table of differences', async () => {
    const seen: string[] = [];
    for (const [at, certificate] of certificates.entries()) {
      const zlint = said[at];
      assert.ok(zlint);
      for (const { by, what } of differences(await ourSays(certificate), zlint))
        seen.push(`${certificate.name}: ${by}: ${what}`);
    }
    const listed = DIFFERENCES.flatMap(({ by, what, certificates: names }) =>
      names.map((name) => `${name}: ${by}: ${what}`),
    );
    assert.deepEqual(seen.sort(), listed.sort());
  });

  it('violate many rules by the word of both linters', async () => {
    const rules = new Set<string>();
    let times = 0;
    for (const [at, certificate] of certificates.entries()) {
      const zlint = said[at];
      if (zlint === undefined || 'cannotRead' in zlint) continue;
      for (const rule of agreed((await ourSays(certificate)).found, zlint.results)) {
        rules.add(rule);
        times += 1;
      }
    }
    assert.ok(rules.size >= RULES_MIN, [...rules].join(', '));
    assert.ok(times >= TIMES_MIN, `${times} times`);
  });
});
