import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingPeople } from '../../../../src/ceremony/plan/presence.js';
import { readPlan } from '../../../../src/ceremony/plan/read.js';
import { utf8 } from '../../../../src/kernel/bytes.js';
import { packageRoot } from '../../../../src/package/package-root.js';
import { developmentPlanText, shippedPlanText, testPolicy } from '../../../support/ceremony/fake-world.js';

type EditablePlan = { [member: string]: unknown } & {
  steps: Record<string, unknown>[];
  tokens: Record<string, unknown>[];
  people: Record<string, unknown>[];
  outputs: string[];
  quorum: Record<string, unknown>;
  window: Record<string, unknown>;
};

describe('ceremony plans', () => {
  const policy = testPolicy();
  const read = (text: Uint8Array) => readPlan(text, { file: 'plan.json', policy });
  /** The places of the faults of the FORT plan after an edit. */
  const faultsAfter = (edit: (plan: EditablePlan) => void): readonly string[] => {
    const plan: EditablePlan = JSON.parse(new TextDecoder().decode(developmentPlanText('fort')));
    edit(plan);
    const outcome = read(utf8(JSON.stringify(plan)));
    return outcome.ok
      ? []
      : outcome.error.faults.map(({ pointer, message }) => {
          const { fr, en } = message;
          assert.ok(fr.length > 0 && en.length > 0 && fr !== en, `both languages: ${fr}`);
          return `${pointer} ${en}`;
        });
  };
  const step = (plan: EditablePlan, at: number) => plan.steps[at] ?? assert.fail(`no step ${at}`);

  for (const id of ['fort', 'standard', 'elementaire', 'platform']) {
    it(`accept the plan of ${id} that ships`, () => {
      const outcome = read(shippedPlanText(id));
      assert.ok(outcome.ok, outcome.ok ? '' : JSON.stringify(outcome.error));
      assert.equal(outcome.value.id, id);
      assert.match(outcome.value.digest, /^[0-9a-f]{64}$/);
    });
  }

  const examples = join(packageRoot(), 'policies/ceremonies/examples');
  for (const file of readdirSync(examples)) {
    it(`accept the example ${file} that ships`, () => {
      const outcome = read(new Uint8Array(readFileSync(join(examples, file))));
      assert.ok(outcome.ok, outcome.ok ? '' : JSON.stringify(outcome.error));
    });
  }

  it('refuse an unknown member at any place', () => {
    assert.deepEqual(
      faultsAfter((plan) => Object.assign(plan, { extra: 1 })),
      ['/extra is not a known member'],
    );
    for (const inside of ['window', 'software', 'quorum', 'title'])
      assert.deepEqual(
        faultsAfter((plan) => Object.assign(plan[inside] as object, { extra: 1 })),
        [`/${inside}/extra is not a known member`],
      );
    for (const inside of ['steps', 'tokens', 'people', 'presence'] as const)
      assert.deepEqual(
        faultsAfter((plan) => Object.assign((plan[inside] as object[])[0] ?? {}, { extra: 1 })),
        [`/${inside}/0/extra is not a known member`],
      );
  });

  it('refuse a member that a kind of step does not use', () => {
    const kinds = new Set<unknown>();
    const plan: EditablePlan = JSON.parse(new TextDecoder().decode(developmentPlanText('fort')));
    plan.steps.forEach((one, at) => {
      if (kinds.has(one.do)) return;
      kinds.add(one.do);
      const faults = faultsAfter((edited) => Object.assign(step(edited, at), { force: true }));
      assert.deepEqual(faults, [`/steps/${at}/force is not a known member`]);
    });
    assert.equal(kinds.size, 6);
  });

  it('accept a copy with another id when every place has it, and name the places that do not', () => {
    const copied = (edit: (text: string) => string) => {
      const text = edit(
        new TextDecoder().decode(developmentPlanText('fort')).replace('"id": "fort"', '"id": "fort-2"'),
      );
      const read = readPlan(utf8(text), { file: 'p.json', policy });
      return read.ok ? [] : read.error.faults.map(({ pointer, message }) => `${pointer} ${message.en}`);
    };
    const otherKey = (text: string) => text.replaceAll('"ceremony-fort"', '"ceremony-fort-2"');
    const folders = (text: string) => text.replaceAll('"ceremony/fort/', '"ceremony/fort-2/');
    assert.deepEqual(
      copied((text) => folders(otherKey(text))),
      [],
    );
    assert.deepEqual(copied(folders), [
      '/steps/3/key must be ceremony-fort-2',
      '/transcriptKey/key must be ceremony-fort-2',
    ]);
  });

  it('accept `why` in any object, which changes only the digest', () => {
    assert.deepEqual(
      faultsAfter((plan) => {
        plan.why = 'a';
        Object.assign(plan.quorum, { why: 'b' });
        for (const one of [...plan.steps, ...plan.tokens, ...plan.people]) one.why = 'c';
      }),
      [],
    );
  });

  it('name an unknown kind of step, and say which certificates there are', () => {
    assert.deepEqual(
      faultsAfter((plan) => Object.assign(step(plan, 2), { do: 'export-private-key' })),
      ['/steps/2/do there is no step export-private-key'],
    );
    assert.deepEqual(
      faultsAfter((plan) => Object.assign(step(plan, 2), { do: 'create-timestamp-signer' })),
      [
        '/steps/2/do there is no step create-timestamp-signer: besides CAs, a ceremony certifies OCSP responders, ' +
          'CMP signers, break-glass officers and the first accounts (create-ocsp-signer, approve-ocsp-keys, ' +
          'create-cmp-signer, create-break-glass-account, create-founding-certificate ; ops/decisions/0025)',
      ],
    );
  });

  it('refuse an output that no step makes, and one that is not declared', () => {
    assert.deepEqual(
      faultsAfter((plan) => plan.outputs.push('authorities/acr-st.cer')),
      ['/outputs/8 no step makes authorities/acr-st.cer'],
    );
    assert.deepEqual(
      faultsAfter((plan) => plan.outputs.shift()),
      ['/outputs authorities/acr-fo.cer is missing'],
    );
  });

  it('refuse a path that leaves the home folder', () => {
    for (const path of ['../x.cer', '/etc/x.cer', 'authorities/../../x', 'authorities//x', '.hidden', 'a\\b'])
      assert.ok(faultsAfter((plan) => Object.assign(plan.tokens[0] ?? {}, { folder: path })).length > 0, path);
  });

  it('refuse the keys of another hierarchy', () => {
    const faults = faultsAfter((plan) => Object.assign(step(plan, 4), { key: 'acr-st' }));
    assert.deepEqual(faults, ['/steps/4/key acr-st is of the hierarchy standard']);
  });

  it('accept only a second responder key that the policy allows, certified by its authority', () => {
    const edited = (label: string, output = 'authorities/aci-el-org.ocsp-rsa-2048.cer', under = policy) => {
      const text = new TextDecoder().decode(developmentPlanText('elementaire'));
      const plan = JSON.parse(text.replaceAll('aci-el-org.rsa-2048', label)) as EditablePlan;
      for (const one of plan.steps) if ('subjectKey' in one) one.output = output;
      plan.outputs = plan.outputs.map((one) => (one.includes('ocsp-rsa') ? output : one));
      const outcome = readPlan(utf8(JSON.stringify(plan)), { file: 'plan.json', policy: under });
      return outcome.ok ? [] : outcome.error.faults.map(({ message }) => message.en);
    };
    assert.deepEqual(edited('aci-el-org.rsa-2048'), []);
    const none = (label: string) =>
      `the policy has no ${label} key for OCSP responders of aci-el-org, or does not allow it`;
    assert.ok(
      edited('aci-el-org.p-384', 'authorities/aci-el-org.ocsp-p-384.cer').every((one) => one === none('p-384')),
    );
    assert.equal(edited('aci-el-org.p-384', 'authorities/aci-el-org.ocsp-p-384.cer').length, 2);
    assert.ok(edited('aci-el-pp.rsa-2048').includes('must be aci-el-org'));
    assert.ok(edited('aci-el-org.rsa-2048', 'authorities/aci-el-org.ocsp-2.cer').length > 0);
    const strict = { ...policy, environment: { ...policy.environment, keyExceptions: [] } };
    assert.deepEqual(edited('aci-el-org.rsa-2048', undefined, strict), Array(2).fill(none('rsa-2048')));
  });

  it('refuse to sign an issuing CA with a CA token, or to make a root key on one', () => {
    const faults = faultsAfter((plan) => Object.assign(step(plan, 7), { token: 'ca-fort' }));
    assert.deepEqual(faults, ['/steps/7/token needs a token of kind root']);
    assert.deepEqual(
      faultsAfter((plan) => Object.assign(step(plan, 4), { token: 'ca-fort' })),
      ['/steps/4/key acr-fo is no issuing authority'],
    );
  });

  it('refuse a ceremony without the names of the people who must be present', () => {
    assert.deepEqual(
      faultsAfter((plan) => plan.people.splice(1, 1)),
      [
        '/presence/1 presence required, share holder: 5; people named: 4',
        '/quorum/holders/0/name Development officer 1 (PFCNG (development)) is no officer of /people',
      ],
    );
  });

  it('refuse a plan that names one person twice to reach the number who must be present', () => {
    const witnesses = (name: string) =>
      faultsAfter((plan) => {
        const at = plan.people.findIndex(({ role }) => role === 'witness');
        plan.people.push({ ...plan.people[at], name });
        Object.assign((plan.presence as object[])[2] ?? assert.fail(), { atLeast: 2 });
      });
    const fault = '/presence/2 presence required, witness: 2; people named: 1';
    assert.deepEqual(witnesses('Development witness'), [fault]);
    assert.deepEqual(witnesses('development  Witness'), [fault]);
    assert.deepEqual(witnesses('Another witness'), []);
  });

  it('refuse a threshold over the number of shares, an inverted window, and an impossible date', () => {
    assert.deepEqual(
      faultsAfter((plan) => Object.assign(plan.quorum, { threshold: 6 })),
      ['/quorum/threshold the threshold is above the number of shares'],
    );
    const window = ['/window two valid dates are expected, the first before the second'];
    assert.deepEqual(
      faultsAfter((plan) => Object.assign(plan.window, { notAfter: '2024-01-01T00:00:00Z' })),
      window,
    );
    assert.deepEqual(
      faultsAfter((plan) => Object.assign(plan.window, { notAfter: '2026-02-30T00:00:00Z' })),
      window,
    );
  });

  it('refuse a production plan with a development policy or without the reviewed software', () => {
    assert.deepEqual(
      faultsAfter((plan) => Object.assign(plan, { environment: 'production' })),
      [
        '/environment the policy is of the development environment',
        '/software `*` is for rehearsals: name the version and the policy',
      ],
    );
  });

  it('refuse duplicate keys in any spelling, because readers would choose different ones', () => {
    const text = new TextDecoder().decode(developmentPlanText('fort'));
    const faultsOf = (altered: string): readonly string[] => {
      const outcome = read(utf8(altered));
      return outcome.ok ? [] : outcome.error.faults.map(({ pointer, message }) => `${pointer} ${message.en}`);
    };
    assert.deepEqual(faultsOf(text.replace('{', '{"steps":[],')), ['/steps named twice in the same object']);
    const spelt = text.replace('"atLeast": 5', '"atLeast": 5, "at\\u004ceast": 1');
    assert.deepEqual(faultsOf(spelt), ['/presence/1/atLeast named twice in the same object']);
    const inString = text.replace('"why": "', '"why": "{\\"a\\":1,\\"a\\":2} ');
    assert.deepEqual(faultsOf(inString), []);
    assert.deepEqual(faultsOf(`${'['.repeat(100_000)}${']'.repeat(100_000)}`), [' more than 16 levels']);
    const long = text.replace('"why": "', `"why": "${'x'.repeat(200_000)}\\n`);
    assert.match(faultsOf(long)[0] ?? '', /^\/why has an invisible character \(U\+000A\)$/);
  });

  it('refuse invisible characters and names in two alphabets: people must read what is done', () => {
    const named = (name: string) => faultsAfter((plan) => Object.assign(plan.people[1] ?? {}, { name }));
    for (const sign of ['\u202e', '\u001b', '\u200b', '\u2028', '\u0000', '\u{e0041}']) {
      const code = `U+${sign.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
      assert.deepEqual(named(`Anna${sign}Roux`), [`/people/1/name has an invisible character (${code})`]);
    }
    assert.match(named('\u0410nna Roux')[0] ?? '', /^\/people\/1\/name mixes letters of several alphabets in one word/);
    const ours = ['Zoë D’Hondt-Łukasz', 'Μαρία Papadopoulou', 'Анна', '王小明', 'Ömer'];
    for (const name of ours) assert.ok(!named(name).some((fault) => /alphabets|invisible character/.test(fault)), name);
  });

  it('accept a certificate for one person only, and count a name written twice once', () => {
    const certificateSha256 = '0'.repeat(64);
    const signing = (names: readonly string[]) =>
      faultsAfter((plan) => {
        for (const [at, name] of names.entries()) Object.assign(plan.people[at] ?? {}, { name, certificateSha256 });
      }).filter((fault) => fault.includes('certificateSha256'));
    assert.deepEqual(signing(['Anna', 'Eve']), [
      '/people/1/certificateSha256 this is the certificate of somebody else',
    ]);
    assert.deepEqual(signing(['Anna', 'ANNA']), []);
    const person = { role: 'witness', organisation: 'PFCNG' } as const;
    const two = ['Anna Roux', 'anna  roux'].map((name) => ({ ...person, name }));
    assert.equal(missingPeople(two, [{ role: 'witness', atLeast: 2 }])[0]?.present, 1);
  });

  it('refuse a file that is not JSON or not UTF-8', () => {
    assert.ok(!read(utf8('{"form":1')).ok);
    assert.ok(!read(Uint8Array.of(0x22, 0xff, 0x22)).ok);
    for (const text of ['null', '[]', '{}', '{"steps":[null]}', '{"steps":[{"do":"constructor"}]}'])
      assert.ok(!read(utf8(text)).ok, text);
  });
});
