/**
 * What people read of a CRL before it is signed, and what the minutes say of it. Without these
 * tests, people could sign a revocation that they have only seen as a number.
 */
import assert from 'node:assert/strict';
import { instantInWords } from '../../../../src/ceremony/sitting/read-aloud.js';
import { DAY_MS } from '../../../../src/kernel/duration.js';
import { readCertificate } from '../../../../src/x509/certificate/certificate-reader.js';
import { emptyDisk, NOW, testPlan, testPolicy } from '../../../support/ceremony/fake-world.js';
import {
  editedExample,
  exampleFile,
  faultIn,
  fileOf,
  inMemory,
  linesOf,
  rewritten,
} from '../../../support/ceremony/in-memory.js';
import { minutesPage } from '../../../support/ceremony/minutes.js';

type Step = { readonly do: string; [member: string]: unknown };
type EditablePlan = { id: string; steps: Step[]; transcriptKey: { key: string }; outputs: string[] };

/** The second revocation of the root: that of the other issuing CA. */
function secondRevocation(): EditablePlan {
  return editedExample<EditablePlan>('revoke-issuing-authority', (plan) => {
    plan.id = 'fort-revoke-2';
    plan.transcriptKey.key = 'ceremony-fort-revoke-2';
    const record = 'ceremony/fort-revoke-2/revoked/aci-fo-pp.json';
    plan.outputs = [record, 'crl/ACR-FO.crl'];
    for (const step of plan.steps) {
      if (step.do === 'generate-key') step.key = plan.transcriptKey.key;
      if (step.do === 'sign-crl') Object.assign(step, { number: 3, previous: { number: 2, sha256: '*' } });
      if (step.do !== 'revoke-issuing-authority') continue;
      const when = { revokedAt: '2026-03-09T08:00:00Z', invalidityDate: '2026-03-01T00:00:00Z' };
      Object.assign(step, { authority: 'aci-fo-pp', output: record, ...when });
    }
  });
}

describe('a CRL in words', () => {
  const policy = testPolicy();
  const memory = inMemory(policy);
  const disk = emptyDisk();
  const screen: string[] = [];
  before(async () => {
    await memory.done(disk, testPlan('fort', policy));
    await memory.done(disk, exampleFile('revoke-issuing-authority'), { now: NOW + DAY_MS });
    const people = { show: (line: unknown) => void screen.push(JSON.stringify(line)) };
    await memory.done(disk, secondRevocation(), { now: NOW + 10 * DAY_MS, people });
  });

  const serialOf = (id: string): string => {
    const read = readCertificate(fileOf(disk, `authorities/${id}.cer`));
    assert.ok(read.ok);
    return read.value.tbs.serial;
  };
  const expected = (): readonly RegExp[] => [
    /dimanche 1er mars 2026, 00:00:00 UTC/,
    /Wednesday 11 March 2026, 10:00:00 UTC/,
    /jeudi 11 mars 2027, 10:00:00 UTC/,
    /2\s; nouvelles\s: 1\s; reprises de la LCR précédente\s: 1/,
    /aci-fo-pp, .*CN=/,
    new RegExp(serialOf('aci-fo-pp')),
    /compromission de la clé \(keyCompromise\)/,
    /lundi 9 mars 2026, 08:00:00 UTC/,
    new RegExp(`reprise(?:.*|<[^]*?)${serialOf('aci-fo-org')}`),
  ];

  it('names each new entry with its CA, reason and date, and lists those carried over, before it is signed', () => {
    const shown = screen.join('\n');
    for (const words of expected()) assert.match(shown, words);
  });

  it('is in the minutes with the same words', () => {
    const html = minutesPage(disk, memory.planOf(secondRevocation()));
    for (const words of expected()) assert.match(html, words);
  });

  it('is what verify compares with the list: a transcript that names another CA is refused', () => {
    const lines = rewritten(linesOf(disk, 'fort-revoke-2'), ({ action, result }) =>
      action === 'sign-crl' ? { ...result, revoked: [{ authority: 'x', name: 'x', serial: 'ab' }] } : result,
    );
    assert.match(faultIn(lines, disk) ?? '', new RegExp(`revokes ${serialOf('aci-fo-pp')}; line \\d+ names ab$`));
  });

  it('has moments in French and English', () => {
    assert.deepEqual(instantInWords(Date.parse('2028-02-29T23:59:59Z')), {
      fr: 'mardi 29 février 2028, 23:59:59 UTC',
      en: 'Tuesday 29 February 2028, 23:59:59 UTC',
    });
  });
});
