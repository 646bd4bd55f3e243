/** Minutes say what the transcript says, in both languages, as a page and as a PDF. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { documentsHtml } from '../../../../src/ceremony/minutes/html.js';
import { minutesOf } from '../../../../src/ceremony/minutes/minutes.js';
import { performCeremony } from '../../../../src/ceremony/perform.js';
import { recordedFiles } from '../../../../src/ceremony/transcript/transcript.js';
import { documentsPdf } from '../../../../src/ceremony-host/documents-pdf.js';
import type { Bytes } from '../../../../src/kernel/bytes.js';
import { sha256Hex } from '../../../../src/kernel/digest.js';
import { emptyDisk, fakeWorld, Killed, NOW, testPlan, testPolicy } from '../../../support/ceremony/fake-world.js';
import { minutesInput } from '../../../support/ceremony/minutes.js';

describe('minutes of a ceremony', () => {
  const policy = testPolicy();
  const plan = testPlan('fort', policy);
  const disk = emptyDisk();
  before(async () => {
    // Killed once and resumed, because minutes report that too.
    await assert.rejects(
      performCeremony(fakeWorld(disk, { policy, kill: { at: 25, when: 'after' } }).world, plan),
      Killed,
    );
    assert.ok((await performCeremony(fakeWorld(disk, { policy, now: NOW + 60_000 }).world, plan)).ok);
  });
  const made = () => {
    const given = minutesInput(disk, plan);
    return { given, minutes: minutesOf(given) };
  };

  it('list people, steps, files with hashes, the interruption and the final hash in both languages', () => {
    const { given, minutes } = made();
    const html = documentsHtml([minutes]);
    for (const { name } of plan.people) assert.ok(html.includes(name), name);
    for (const entry of given.entries)
      for (const { path, sha256 } of recordedFiles(entry))
        assert.ok(html.includes(path) && html.includes(sha256), path);
    for (const expected of [
      given.verified.head,
      plan.digest,
      'reprise après une interruption',
      'resumption after an interruption',
    ])
      assert.ok(html.includes(expected), expected);
    assert.ok(html.includes('génération de la bi-clé acr-fo') && html.includes('generation of key pair acr-fo'));
    assert.ok(html.includes('TEST AC RACINE IGC-SANTE FORT'));
    assert.ok(html.includes('RÉPÉTITION OU ESSAI'));
  });

  it('say whether the machine had swap, core dumps and debugging options', () => {
    const { given } = made();
    for (const way of ['swap', 'coreDumps', 'debugging']) {
      const machine = { swap: false, coreDumps: false, debugging: false, [way]: true };
      const entries = given.entries.map((entry, at) =>
        at === 0 ? { ...entry, result: { ...entry.result, machine } } : entry,
      );
      const html = documentsHtml([minutesOf({ ...given, entries })]).replaceAll(/\s/g, ' ');
      const [swap, dumps, debugging] = Object.values(machine).map((on) => (on ? 'on' : 'off'));
      assert.ok(html.includes(`swap: ${swap}; core dumps: ${dumps}; debugging options: ${debugging}`), way);
      assert.ok(html.includes(`options de débogage : ${machine.debugging ? 'oui' : 'non'}`), way);
    }
  });

  it('of the platform token have the hash of its public key, by which receipts and webhooks name it', async () => {
    const platform = testPlan('platform', policy);
    const made = emptyDisk();
    assert.ok((await performCeremony(fakeWorld(made, { policy }).world, platform)).ok);
    const html = documentsHtml([minutesOf(minutesInput(made, platform))]);
    const spki = made.files.get('authorities/platform.spki');
    assert.ok(spki !== undefined && html.includes(sha256Hex(spki)));
  });

  it('show serial number and firmware of each token, and certificate extensions in plain words', () => {
    const html = documentsHtml([made().minutes]);
    for (const name of ['root-fort', 'ca-fort', 'ocsp-fort'])
      assert.match(
        html,
        new RegExp(
          `<tr><td>${name}\npfcng-development-${name}</td><td>f, m</td><td>${name}</td><td>1\\.0 / 7\\.4</td></tr>`,
        ),
      );
    for (const expected of [
      /^keyUsage \(critique \/ critical\) +keyCertSign \(signature de certificats \/ signing certificates\)\n +cRLSign \(/m,
      /^basicConstraints \(critique \/ critical\) AC ; aucune AC subordonnée \(pathLen 0\) \/ CA; no subordinate CA \(pathLen 0\)$/m,
      /^certificatePolicies +2\.5\.29\.32\.0 \(toute politique .*\)\n +déclaration des pratiques .*\(DPC\)\s: \/ .* \(CPS\):\n/m,
      /^extKeyUsage +ocspSigning \(signature de réponses OCSP \/ signing OCSP responses\)$/m,
      /CKA_EXTRACTABLE +non \/ no +peut être exportée \/ can be exported$/m,
    ])
      assert.match(html, expected);
    assert.doesNotMatch(html, /\{&quot;|\[&quot;|\{"|&quot;:/);
  });

  it('name holders of shares, shares used, bundles with their words; annexes have no gaps', async () => {
    const { minutes, given } = made();
    const html = documentsHtml([minutes]);
    assert.match(
      html,
      /<td>root-fort\npartage 1, 3 sur 5 .*<td>1<\/td><td>Development officer 1<\/td>.*phrase secrète/,
    );
    assert.match(html, /ouverture du jeton root-fort par son quorum\s:\n1 Development officer 1, 2 Development/);
    const letters = (of: string) =>
      [...of.matchAll(/<h2>Annexe ([A-Z])\. (\S+)/g)].map(([, letter, name]) => `${letter} ${name}`);
    assert.deepEqual(letters(html), ['A Fichiers', 'B Certificats', 'C Listes']);
    const [begin] = given.entries;
    assert.ok(begin !== undefined);
    const words = Array.from({ length: 24 }, (_, at) => `mot${at + 1}`).join(' ');
    const exported = {
      ...begin,
      action: 'export-bundle' as const,
      result: { artefact: 'bundles/x.json', sha256: '00', words },
    };
    const from = { ceremony: 'ask', planSha256: '11', publicKeySha256: '22' };
    const imported = {
      ...begin,
      action: 'import-bundle' as const,
      result: { artefact: 'incoming/y.json', sha256: '33', from },
    };
    const page = documentsHtml([minutesOf({ ...given, entries: [begin, exported, imported] })]);
    assert.deepEqual(letters(page), ['A Fichiers', 'B Paquets']);
    assert.match(page, /<h3>bundles\/x\.json<\/h3><pre> 1 mot1 .* 6 mot6\n 7 mot7 /);
    assert.match(page, /cérémonie \/ ceremony +ask\n/);
  });

  it('are a page that fetches and runs nothing, whatever names a plan contains', () => {
    const { given } = made();
    const html = documentsHtml([minutesOf({ ...given, title: { fr: '<script>alert(1)</script>', en: '"&' } })]);
    assert.ok(!html.includes('<script') && html.includes('&lt;script&gt;'));
    assert.doesNotMatch(html, /<(img|link|iframe|script)|src=|url\(/);
  });

  it('have the same text in the PDF, whose bytes are the same each time', async () => {
    const { given, minutes } = made();
    const pdf = await documentsPdf([minutes], NOW);
    assert.deepEqual(await documentsPdf([minutes], NOW), pdf);
    const text = textOf(pdf);
    for (const expected of [
      'Procès-verbal de cérémonie de clés',
      'Minutes of a key ceremony',
      given.verified.head,
      plan.digest,
    ])
      assert.ok(text.includes(expected), expected);
    for (const { name } of plan.people) assert.ok(text.includes(name), name);
  });

  it('repeat table heads on each page, and say so when there is no hierarchy', async () => {
    const { given } = made();
    const minutes = minutesOf({ ...given, entries: Array.from({ length: 6 }, () => given.entries).flat() });
    const pages = (text: string, words: string): number => text.split(words).length - 1;
    assert.ok(pages(textOf(await documentsPdf([minutes], NOW)), 'Ce qui a été fait') > 2);
    const entries = given.entries.map((entry) =>
      entry.action === 'begin' ? { ...entry, result: { ...entry.result, hierarchy: null } } : entry,
    );
    const html = documentsHtml([minutesOf({ ...given, entries })]);
    assert.match(html, /aucune/);
    assert.doesNotMatch(html, />null<|\(shares\)/);
  });

  it('show names as people write them, and the code point of a character that no font has', async () => {
    const { given } = made();
    const names = ['Łucja Wiśniewska-Đurić', 'Ελένη Παπαδάκη', 'Наталия Ґудзь', 'Zoë Œuvrard', 'أحمد'];
    const title = { fr: `${names.join(', ')} ; 山`, en: 'names' };
    const text = textOf(await documentsPdf([minutesOf({ ...given, title })], NOW));
    for (const name of names) assert.ok(text.includes(name.normalize('NFC')), `${name}: ${text.slice(0, 400)}`);
    assert.ok(text.includes('[U+5C71]') && !text.includes('?'), text.slice(0, 400));
  });

  it('show the attributes of every key, and list a key with other attributes separately', () => {
    const { given } = made();
    const attributes = { CKA_SENSITIVE: true, CKA_EXTRACTABLE: true };
    const entries = given.entries.map((entry) =>
      entry.action === 'generate-key' && entry.result.key === 'aci-fo-org' && entry.result.token === 'ca-fort'
        ? { ...entry, result: { ...entry.result, attributes } }
        : entry,
    );
    const html = documentsHtml([minutesOf({ ...given, entries })]);
    const blocks = [...html.matchAll(/<h3>Attributs relus sur le jeton\s: ([^<]*?) <span.*?<pre>(.*?)<\/pre>/gs)];
    assert.deepEqual(
      blocks.map(([, keys]) => keys),
      [
        'ceremony-fort (root-fort), acr-fo (root-fort), aci-fo-pp (ca-fort), aci-fo-pp (ocsp-fort), aci-fo-org (ocsp-fort)',
        'aci-fo-org (ca-fort)',
      ],
    );
    assert.match(blocks[0]?.[2] ?? '', /CKA_EXTRACTABLE +non \/ no/);
    assert.match(blocks[1]?.[2] ?? '', /CKA_EXTRACTABLE +oui \/ yes/);
  });

  it('keep people of the same name and role apart if their organisations differ', () => {
    const { given } = made();
    const [one, other] = ['Hospital A', 'Hospital B'].map((organisation) => ({
      role: 'witness',
      name: 'Marie Martin',
      organisation,
    }));
    assert.ok(one !== undefined && other !== undefined);
    const pageWith = (called: readonly object[]) => {
      const members: Readonly<Record<string, object>> = { begin: [one, other], 'roll-call': called };
      const entries = given.entries.map((entry) => {
        const people = members[entry.action];
        return people === undefined ? entry : { ...entry, result: { ...entry.result, people: people as [] } };
      });
      return documentsHtml([minutesOf({ ...given, entries })]);
    };
    const absent = pageWith([one]);
    assert.match(absent, /Hospital A<\/td><td>à chaque appel/);
    assert.match(absent, /Hospital B<\/td><td>appels\s: 0 sur 2/);
    for (const { organisation } of [one, other])
      assert.ok(pageWith([one, other]).includes(`<p>Marie Martin, ${organisation}, `), organisation);
  });

  it('say for a rehearsal of a production plan that its keys are not for production', () => {
    const { given } = made();
    const [begin, ...others] = given.entries;
    assert.ok(begin !== undefined);
    const of = (members: object) => {
      const entries = [{ ...begin, result: { ...begin.result, environment: 'production', ...members } }, ...others];
      return minutesOf({ ...given, entries }).mark;
    };
    assert.equal(of({}), null);
    assert.match(of({ rehearsal: true })?.en ?? '', /REHEARSAL/);
  });
});

/** The text of a PDF as another program reads it, without its line breaks. */
function textOf(pdf: Bytes): string {
  return execFileSync('pdftotext', ['-raw', '-', '-'], { input: pdf }).toString().replace(/\s+/g, ' ');
}
