/**
 * The members that a plan needs about the quorum of its root token; otherwise it is refused with
 * the place.
 */
import assert from 'node:assert/strict';
import type { PlanFile } from '../../../../src/ceremony/plan/model.js';
import { readPlan } from '../../../../src/ceremony/plan/read.js';
import { utf8 } from '../../../../src/kernel/bytes.js';
import { testPolicy } from '../../../support/ceremony/fake-world.js';
import { fortPlan, resharePlan } from '../../../support/ceremony/quorum-plans.js';

type LooseJson = { [member: string]: LooseJson } & LooseJson[];

describe('the quorum of a plan', () => {
  const policy = testPolicy();
  /** The places and English messages of the faults after an edit. */
  const faultsOf = (plan: PlanFile, edit: (plan: LooseJson) => unknown): readonly string[] => {
    const edited: LooseJson = JSON.parse(JSON.stringify(plan));
    edit(edited);
    const outcome = readPlan(utf8(JSON.stringify(edited)), { file: 'plan.json', policy });
    if (outcome.ok) return [];
    return outcome.error.faults.map(({ pointer, message }) => {
      const { fr, en } = message;
      assert.ok(fr.length > 0 && en.length > 0 && fr !== en, `both languages: ${fr}`);
      return `${pointer} ${en}`;
    });
  };
  const fort = (edit: (plan: LooseJson) => unknown): readonly string[] => faultsOf(fortPlan(), edit);

  it('gives nobody two shares, however the name is written', () => {
    const ours = [
      'Development officer 1',
      ' development  OFFICER 1',
      'Dévelopment officer 1',
      'Development-officer, 1',
    ];
    for (const name of ours)
      assert.deepEqual(
        fort(({ quorum, people }) => {
          Object.assign(quorum?.holders?.[1] ?? {}, { name });
          people?.push({ role: 'officer', name, organisation: 'PFCNG (development)' } as unknown as LooseJson);
        }),
        ['/quorum/holders/1/name one person cannot hold two shares'],
      );
    // A Cyrillic initial, and two forms of the apostrophe.
    const twoForms = [
      ['A. Petit', '\u0410. Petit'],
      ["Zoe D'Arc", 'Zoe D\u2019Arc'],
    ];
    for (const names of twoForms)
      assert.ok(
        fort(({ quorum }) => names.map((name, at) => Object.assign(quorum?.holders?.[at] ?? {}, { name }))).includes(
          '/quorum/holders/1/name one person cannot hold two shares',
        ),
        names.join(),
      );
    const encryption = { certificate: 'officers/1.pem', sha256: 'a'.repeat(64) };
    assert.deepEqual(
      fort(({ quorum }) => [1, 3].map((at) => Object.assign(quorum?.holders?.[at] ?? {}, { encryption }))),
      ['/quorum/holders/3/encryption this certificate encrypts another share already'],
    );
  });

  it('has as many holders as shares, and a threshold that they can reach', () => {
    assert.deepEqual(
      fort(({ quorum }) => quorum?.holders?.pop()),
      ['/quorum/holders 4 holders for 5 shares'],
    );
    assert.deepEqual(
      fort(({ quorum }) => Object.assign(quorum ?? {}, { threshold: 6 })),
      ['/quorum/threshold the threshold is above the number of shares'],
    );
    assert.equal(fort(({ quorum }) => Object.assign(quorum ?? {}, { threshold: 1 })).length, 1);
  });

  it('counts everybody who types a passphrase among the officers', () => {
    assert.deepEqual(
      fort(({ quorum }) => Object.assign(quorum?.holders?.[2] ?? {}, { organisation: 'Elsewhere' })),
      ['/quorum/holders/2/name Development officer 3 (Elsewhere) is no officer of /people'],
    );
    assert.deepEqual(
      faultsOf(resharePlan(), ({ people }) => people?.pop()),
      ['/steps/0/quorum/holders/2/name New officer 3 (PFCNG (development)) is no officer of /people'],
    );
  });

  it('keeps the PIN of a root token out of files, unlike those of online tokens', () => {
    const path = { path: 'ceremony/fort/root-shares' };
    assert.deepEqual(
      fort(({ tokens }) => Object.assign(tokens?.[0] ?? {}, { pin: { kind: 'file', ...path } })),
      ['/tokens/0/pin/kind the PIN of a root token or the access token is in no file: `quorum` or `hsm`'],
    );
    assert.deepEqual(
      fort(({ tokens }) => Object.assign(tokens?.[1]?.pin ?? {}, { kind: 'quorum' })),
      ['/tokens/1/pin/kind a token that is online has its PIN in a file: `file`'],
    );
    assert.deepEqual(
      fort(({ tokens }) => Object.assign(tokens?.[0]?.pin ?? {}, { path: 'elsewhere' })),
      ['/tokens/0/pin/path must be ceremony/fort/root-shares'],
    );
  });

  it('has the kind that opens the root token, and is absent without one', () => {
    assert.deepEqual(
      fort((plan) => Object.assign(plan, { quorum: { kind: 'hsm', shares: 5, threshold: 3 } })),
      ['/quorum/kind must be shares'],
    );
    assert.deepEqual(
      fort((plan) => Object.assign(plan, { quorum: { kind: 'none' } })),
      ['/quorum/kind must be shares'],
    );
    assert.deepEqual(
      fort(({ tokens, ...plan }) => {
        Object.assign(tokens?.[0] ?? {}, { pin: { kind: 'hsm' } });
        Object.assign(plan.quorum ?? {}, { kind: 'hsm', holders: undefined, swap: undefined });
      }),
      ['/steps/0/token a token with a quorum of its own is initialised with the tools of its HSM'],
    );
    assert.ok(
      fort(({ tokens }) => tokens?.shift()).includes('/quorum/kind the plan has no token that a quorum opens: `none`'),
    );
  });

  it('is shared again only for a token whose PIN is shared', () => {
    assert.deepEqual(
      faultsOf(resharePlan(), (plan) => {
        Object.assign(plan.tokens?.[0] ?? {}, { pin: { kind: 'hsm' } });
        Object.assign(plan, { quorum: { kind: 'hsm', shares: 5, threshold: 3 } });
      }),
      ['/steps/0/token the PIN of this token is not shared'],
    );
  });
});
