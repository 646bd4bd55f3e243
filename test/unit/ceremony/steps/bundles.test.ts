/**
 * An issuing CA whose root is on another machine, by bundles that are carried between two
 * ceremonies.
 */
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describeFailure } from '../../../../src/ceremony/failures.js';
import { hashWords, isListed, nearestWords, plainWord } from '../../../../src/ceremony/mnemonic.js';
import type { Question } from '../../../../src/ceremony/sitting/terminal.js';
import {
  type BundleManifest,
  encodeBundle,
  manifestBytes,
  readBundle,
} from '../../../../src/ceremony/steps/shared/bundle.js';
import { authorityOf } from '../../../../src/ceremony/steps/shared/checks.js';
import { readRequest } from '../../../../src/ceremony/steps/shared/requests.js';
import { type Bytes, concat, utf8 } from '../../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../../src/kernel/duration.js';
import { authorityName } from '../../../../src/policy/plan/authority-name.js';
import type { Name } from '../../../../src/x509/model.js';
import { encodePem } from '../../../../src/x509/pem.js';
import { assembleRequest, encodeRequestInfo } from '../../../../src/x509/request/certification-request-writer.js';
import {
  ANSWER_BUNDLE,
  answerPlan,
  askPlan,
  type FortPlan,
  INCOMING,
  REQUEST_BUNDLE,
  rootPlan,
  takePlan,
} from '../../../support/ceremony/bundle-plans.js';
import { type Disk, developmentPlanText, emptyDisk, NOW, testPolicy } from '../../../support/ceremony/fake-world.js';
import {
  copyOf,
  faultIn,
  faultOf,
  fileOf,
  inMemory,
  linesOf,
  type Options,
  rewritten,
  transcriptOf,
} from '../../../support/ceremony/in-memory.js';

const LATER = NOW + DAY_MS;

describe('bundles between two ceremonies', () => {
  const policy = testPolicy();
  const fort: FortPlan = JSON.parse(new TextDecoder().decode(developmentPlanText('fort')));
  const { done, refusal, killedAnywhere, faultsOf } = inMemory(policy, { now: LATER });

  const root = emptyDisk();
  const online = emptyDisk();
  before(async () => {
    await done(root, rootPlan(fort), { now: NOW });
    await done(online, askPlan(fort));
  });
  /** The root's machine, with the request that was carried to it. */
  const sheetWords = () => hashWords(createHash('sha256').update(fileOf(online, REQUEST_BUNDLE)).digest());
  const rootWith = (bundle: Bytes = fileOf(online, REQUEST_BUNDLE)): Disk => {
    const disk = copyOf(root);
    disk.files.set(INCOMING.request, bundle);
    return disk;
  };

  it('carry the request to the root and the certificate back, and the CA signs its first list', async () => {
    const there = rootWith();
    await done(there, answerPlan(fort));
    const back = copyOf(online);
    back.files.set(INCOMING.answer, fileOf(there, ANSWER_BUNDLE));
    await done(back, takePlan(fort));
    assert.deepEqual(fileOf(back, 'authorities/aci-fo-pp.cer'), fileOf(there, 'authorities/aci-fo-pp.cer'));
    assert.ok(back.files.has('crl/ACI-FO-PP.crl'));
    assert.equal(there.tokens.has('ca-fort') || back.tokens.has('root-fort'), false);
    for (const [disk, id] of [
      [there, 'fort'],
      [there, 'answer'],
      [back, 'ask'],
      [back, 'take'],
    ] as const)
      assert.equal(faultOf(disk, id), null, id);
  });

  it('let each half be resumed after a kill at any effect, with one certificate at the end', async () => {
    await killedAnywhere({ begun: rootWith, plan: answerPlan(fort) }, ({ disk, where, halfWay }) => {
      const path = 'authorities/aci-fo-pp.cer';
      if (halfWay.has(path)) assert.equal(disk.files.get(path), halfWay.get(path), where);
    });
  });

  it('need the last words of the sheet typed at import, which this machine does not show', async () => {
    const words = sheetWords();
    const shown: string[] = [];
    const asked: string[] = [];
    const people = (...answers: readonly (string | null)[]): Options => {
      const waiting = [...answers];
      return {
        people: {
          show: (line) => void shown.push(line),
          ask: (question) => {
            if (question.about === 'refusal') return 'oui';
            if (!question.en.includes('sheet')) return undefined;
            asked.push(question.fr, question.en);
            return waiting.shift() ?? null;
          },
        },
      };
    };
    const right = words.slice(-4).join('  ').toUpperCase();
    await done(rootWith(), answerPlan(fort), people(right));
    const numbered = shown.join(' ').replaceAll(/ +/g, ' ');
    assert.ok(
      numbered.includes(
        words
          .slice(0, 20)
          .map((word, at) => `${at + 1} ${word}`)
          .join(' '),
      ),
    );
    // A single word of the sheet can be part of the question or appear twice, but not all four in a
    // row.
    assert.ok(![...shown, ...asked].some((line) => line.includes(words.slice(-4).join(' '))));
    assert.ok(!numbered.includes(` 21 ${words[20]}`));
    for (const without of [people(null), people('')])
      assert.match(
        await refusal(rootWith(), answerPlan(fort), without),
        /^given-up: bundle incoming\/request\.json, which does not match the sheet: interrupted/,
      );
  });

  it('are imported after mistyped words, each of which is pointed at, recorded as a try and no refusal', async () => {
    const disk = rootWith();
    const hidden = sheetWords().slice(-4);
    const [first = '', second = '', third = '', fourth = ''] = hidden;
    const other = first === 'zoologie' ? 'abaisser' : 'zoologie';
    const shown: string[] = [];
    const typed = [
      '',
      [first, second, third].join(' '),
      [first, second, third, 'xxxxxxxxx'].join(' '),
      ['abaisseer', second, third, fourth].join(' '),
      [other, second, third, fourth].join(' '),
      hidden.join(' '),
    ];
    const ask = (question: Question) => (question.en.includes('sheet') ? typed.shift() : undefined);
    await done(disk, answerPlan(fort), { people: { ask, show: (line) => void shown.push(line) } });
    const screen = shown.join('\n');
    for (const words of [
      /nothing was typed: type the last 4 words of the sheet, or "refuse" to refuse/,
      /words expected: the last 4 of the sheet; words typed: 3/,
      /word 24 is not in the list\. Read the sheet/,
      /word 21 is not in the list: did you mean abaisser\?/,
      /word 21 differs from that of the file/,
    ])
      assert.match(screen, words);
    const transcript = transcriptOf(disk, 'answer');
    assert.equal(transcript.match(/"action":"try-again"/g)?.length, 4);
    assert.doesNotMatch(transcript, /"action":"(refuse|stop)"/);
    assert.equal(faultOf(disk, 'answer'), null);
  });

  it('are refused by the word of refusal alone, once it is confirmed, and the transcript says so', async () => {
    const disk = rootWith();
    const answers = ['refuser', 'refuse'];
    const confirmed = ['', 'peut-être', 'non', 'oui'];
    const ask = (question: Question) =>
      question.about === 'refusal' ? confirmed.shift() : question.en.includes('sheet') ? answers.shift() : undefined;
    assert.match(
      await refusal(disk, answerPlan(fort), { people: { ask } }),
      /^refused: bundle incoming\/request\.json/,
    );
    assert.deepEqual([answers, confirmed], [[], []]);
    assert.match(transcriptOf(disk, 'answer'), /"action":"refuse".*"kind":"refused"/);
    await done(disk, answerPlan(fort));
    assert.equal(faultOf(disk, 'answer'), null);
  });

  it('have files compared that somebody added while the ceremony was stopped, as the transcript says', async () => {
    const disk = rootWith();
    const upTo: string[] = [];
    const show = (line: string): void => void upTo.push(...(/up to line .*$/.exec(line) ?? []));
    const stop: Options = { people: { show, ask: ({ en }) => (en.includes('sheet') ? null : undefined) } };
    await refusal(disk, answerPlan(fort), stop);
    disk.files.set('requests/aci-fo-pp.csr.pem', fileOf(online, 'requests/aci-fo-pp.csr.pem'));
    assert.match(await refusal(disk, answerPlan(fort), stop), /^given-up: /);
    await done(disk, answerPlan(fort), { people: { show } });
    assert.equal(faultOf(disk, 'answer'), null);
    // The line where it stopped, and the same line and hash at both resumptions.
    const [first, again, second, last] = upTo;
    assert.ok(upTo.length === 4 && first === again && second === last && first !== second, upTo.join());
    const hash = createHash('sha256').update(fileOf(online, REQUEST_BUNDLE)).digest('hex');
    assert.match(linesOf(disk, 'answer').join('\n'), new RegExp(`"action":"confirm".*"bundleSha256":"${hash}"`));
    const { transcriptKey: _, ...unsigned } = answerPlan(fort) as {
      transcriptKey: unknown;
      steps: { do: string; key?: string }[];
    };
    const steps = unsigned.steps.filter((step) => step.do !== 'export-bundle' && step.key !== 'ceremony-answer');
    const there = rootWith();
    await done(there, { ...unsigned, steps, outputs: ['requests/aci-fo-pp.csr.pem', 'authorities/aci-fo-pp.cer'] });
    const untold = rewritten(linesOf(there, 'answer'), ({ result }) => (result.bundleSha256 ? null : result));
    assert.match(`${faultIn(untold, there)}`, /no line before says that the words of this bundle were compared$/);
  });

  it('carry no files that this program writes itself, and in production every request of a CA', () => {
    for (const path of ['pins/ca-fort.pin', 'tokens/x', 'environment.json', 'ceremony/answer/transcript.sig']) {
      const plan = answerPlan(fort) as { steps: Record<string, unknown>[]; outputs: string[] };
      Object.assign(plan.steps[2] ?? {}, { files: ['requests/aci-fo-pp.csr.pem', path] });
      assert.deepEqual(faultsOf({ ...plan, outputs: [...plan.outputs, path] }), [
        '/steps/2/files/1 no bundle may carry this file',
      ]);
    }
    const { steps, outputs, ...plan } = answerPlan(fort) as { steps: { do: string }[]; outputs: string[] };
    const withOwnFile = {
      ...plan,
      environment: 'production',
      outputs: outputs.slice(1),
      steps: steps.filter((step) => step.do !== 'import-bundle'),
    };
    assert.ok(faultsOf(withOwnFile).some((fault) => /^\/steps\/2\/request import this request first/.test(fault)));
    const imported = faultsOf({ ...plan, steps, outputs, environment: 'production' });
    assert.ok(!imported.some((fault) => fault.includes('request')), imported.join());
  });

  it('have sheets of 24 standard words, which can be typed without accents', () => {
    // BIP-0039 with the French list, for entropy of zeros and of ones.
    assert.deepEqual(hashWords(new Uint8Array(32)).slice(0, 23), Array(23).fill('abaisser'));
    assert.equal(hashWords(new Uint8Array(32)).at(-1), 'anaphore');
    assert.deepEqual(hashWords(new Uint8Array(32).fill(255)).slice(-2), ['zoologie', 'valable']);
    assert.equal(plainWord('ACADEMIE'), plainWord('académie'));
    assert.ok(isListed('Eleve') && !isListed('elevee'));
  });

  it('have a word of the list named that is like what was typed, whatever word is expected', () => {
    assert.deepEqual(nearestWords('abaiser'), ['abaisser', 'apaiser']);
    assert.deepEqual(nearestWords('eleve'), ['élève']);
    assert.deepEqual(nearestWords('xxxxxxxxx'), []);
  });

  it('are refused when a byte was changed, and none of their files is written', async () => {
    const bundle = fileOf(online, REQUEST_BUNDLE);
    for (let at = 0; at < bundle.length; at += 41) {
      const altered = bundle.slice();
      altered[at] = (altered[at] ?? 0) ^ 1;
      const disk = rootWith(altered);
      assert.match(await refusal(disk, answerPlan(fort)), /^artefact-wrong: incoming\/request\.json/, `byte ${at}`);
      assert.ok(!disk.files.has('requests/aci-fo-pp.csr.pem'));
    }
  });

  it('are refused when they differ from the plan, in hierarchy or files', async () => {
    const sha256 = createHash('sha256').update(fileOf(online, REQUEST_BUNDLE)).digest('hex');
    await done(rootWith(), answerPlan(fort, sha256));
    assert.match(
      await refusal(rootWith(), answerPlan(fort, '0'.repeat(64))),
      /its SHA-256 is [0-9a-f]{64}, that of the plan 0{64}$/,
    );
    const there = rootWith();
    await done(there, answerPlan(fort));
    assert.match(await refusal(rootWith(fileOf(there, ANSWER_BUNDLE)), answerPlan(fort)), /it contains authorities/);
    assert.match(
      await refusal(copyOf(root), answerPlan(fort)),
      /^missing: incoming\/request\.json is needed first: .* run the same command again$/,
    );
  });

  it('are refused when they are of another hierarchy or environment, whoever signed them', async () => {
    const bundle = readBundle(fileOf(online, REQUEST_BUNDLE));
    assert.ok(bundle.ok);
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
    for (const other of [{ hierarchy: 'standard' }, { environment: 'production' }] as const) {
      const manifest: BundleManifest = { ...bundle.value.manifest, ...other };
      const signature = new Uint8Array(sign('sha256', manifestBytes(manifest), privateKey));
      const made = encodeBundle({ ...bundle.value, manifest, publicKey: spki, signature });
      assert.match(
        await refusal(rootWith(made), answerPlan(fort)),
        /^artefact-wrong: .* it is from another ceremony: /,
      );
    }
  });

  it('are refused when two names share one file or the form is different, whoever signed them', async () => {
    const bytes = fileOf(online, REQUEST_BUNDLE);
    const bundle = readBundle(bytes);
    assert.ok(bundle.ok);
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
    const signed = (manifest: BundleManifest, contents: ReadonlyMap<string, Bytes> = bundle.value.contents): Bytes => {
      const signature = new Uint8Array(sign('sha256', manifestBytes(manifest), privateKey));
      return encodeBundle({ manifest, contents, publicKey: spki, signature });
    };
    const there = rootWith();
    await done(there, answerPlan(fort));
    const answer = readBundle(fileOf(there, ANSWER_BUNDLE));
    assert.ok(answer.ok);
    const names = Object.keys(answer.value.manifest.files).sort().join(', ');
    assert.match(names, /, /);
    const content = utf8('anything');
    const files = { [names]: createHash('sha256').update(content).digest('hex') };
    const back = copyOf(online);
    back.files.set(INCOMING.answer, signed({ ...answer.value.manifest, files }, new Map([[names, content]])));
    assert.match(await refusal(back, takePlan(fort)), /^artefact-wrong: incoming\/answer\.json .* it contains /);
    const { manifest } = bundle.value;
    const { ceremony: _, ...nameless } = manifest;
    const others = [nameless, { ...manifest, files: null }, { ...manifest, files: [] }, { ...manifest, more: 1 }];
    const forms = others.map((other) => signed(other as unknown as BundleManifest));
    for (const made of [...forms, concat([new Uint8Array([0xef, 0xbb, 0xbf]), bytes])])
      assert.match(await refusal(rootWith(made), answerPlan(fort)), /^artefact-wrong: .* not a bundle of a ceremony$/);
  });

  it('carry only requests with the key type and name of the policy', async () => {
    const { definition } = authorityOf(policy, 'aci-fo-pp');
    const named = authorityName(policy, definition, 1);
    const asked = async (curve: string, name: Name) => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: curve });
      const info = encodeRequestInfo({
        subject: name,
        spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
      });
      const [hash, algorithm] =
        curve === 'secp384r1' ? (['sha384', 'ecdsaWithSha384'] as const) : (['sha256', 'ecdsaWithSha256'] as const);
      const request = assembleRequest(info, algorithm, new Uint8Array(sign(hash, info, privateKey)));
      const content = utf8(encodePem('CERTIFICATE REQUEST', request));
      const read = await readRequest(policy, 'aci-fo-pp', { path: 'r', content });
      return read.ok ? null : describeFailure(read.error).split(' / ')[1];
    };
    assert.equal(await asked('prime256v1', named), null);
    assert.match((await asked('secp384r1', named)) ?? '', /p-384 key; allowed types: p-256$/);
    assert.match((await asked('prime256v1', named.slice(0, -1))) ?? '', /not for the name of aci-fo-pp/);
  });

  it('are refused with a certificate for a key other than the one on the token', async () => {
    const there = rootWith();
    await done(there, answerPlan(fort));
    const other = emptyDisk();
    await done(other, askPlan(fort));
    other.files.set(INCOMING.answer, fileOf(there, ANSWER_BUNDLE));
    assert.match(
      await refusal(other, takePlan(fort)),
      /^artefact-wrong: key aci-fo-pp on token ca-fort .* not the key of its certificate$/,
    );
  });

  it('are exported only where a transcript key signs them, and a certified key is in one place', () => {
    const { transcriptKey: _, ...unsigned } = askPlan(fort) as { transcriptKey: unknown };
    assert.deepEqual(faultsOf(unsigned), [
      '/steps/4 transcriptKey is missing: the key of the ceremony signs the bundle',
    ]);
    const both = answerPlan(fort) as { steps: Record<string, unknown>[] };
    Object.assign(both.steps[3] ?? {}, { subjectToken: 'ca-fort' });
    assert.deepEqual(faultsOf(both), ['/steps/3 one of subjectToken and request']);
  });
});
