/**
 * Ceremonies of every kind with a power cut (SIGKILL) at every write. Each is resumed, leaves
 * nothing half-made, and leaves no secret in clear on the disk.
 */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CeremonyStep, PlanFile } from '../../../src/ceremony/plan/model.js';
import { verifyFile } from '../../../src/cli/ceremony/verify.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { clearSecrets, formsOf } from '../../support/ceremony/clear-secrets.js';
import { developmentHome, temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { type Chain, type KillReport, killAtEveryWrite } from '../../support/ceremony/kills.js';
import { performPlayed } from '../../support/ceremony/performed.js';
import { resharedSoPlan, sharing, withSharedSoPin } from '../../support/ceremony/so-pin-plans.js';
import { withoutCmpSigners } from '../../support/ceremony/without-cmp.js';
import { makeCsr } from '../../support/service/csr.js';

const PLANS = join(packageRoot(), 'policies/ceremonies');
const TOKENS = { 'root-fort': 'ceremony/fort/root-token', 'ca-fort': 'tokens/ca-fort' } as const;
/**
 * Files where the plans store secrets: passphrases of the played officers of a development home,
 * and PINs of the service's tokens.
 */
const isKept = (path: string): boolean => /\/(officers\/.*\.txt|pins\/\.?[a-z-]+\.pin)(\.part)?#\d+$/.test(path);

const read = async (name: string): Promise<PlanFile> => JSON.parse(await readFile(join(PLANS, `${name}.json`), 'utf8'));

/**
 * A plan derived from the first plan of FORT, with other steps and its own key for the transcript.
 */
async function later(id: string, edit: (fort: PlanFile) => Partial<PlanFile>): Promise<PlanFile> {
  const fort = withoutCmpSigners(await read('development/fort'));
  const key = `ceremony-${id}`;
  const edited = { ...fort, id, transcriptKey: { token: 'root-fort', key }, ...edit(fort) };
  const made = { do: 'generate-key', token: 'root-fort', key, keyType: 'p-256' } as const;
  return { ...edited, steps: [...edited.steps, made] };
}

const NEXT = sharing('New officer', 3, 2);
const reshare = () =>
  later('fort-reshare', ({ people }) => ({
    people: [
      ...people,
      ...NEXT.holders.map(({ name, organisation }) => ({ role: 'officer' as const, name, organisation })),
    ],
    steps: [{ do: 'reshare-quorum', token: 'root-fort', generation: 2, quorum: NEXT }],
    outputs: [],
  }));

const SO = sharing('Security officer', 3, 2);
const LATER = sharing('Later security officer', 3, 2);
const unsignedFort = async (): Promise<PlanFile> => {
  const { transcriptKey, ...plan } = withoutCmpSigners(await read('development/fort'));
  return { ...plan, steps: plan.steps.filter((step) => step.do !== 'generate-key' || step.key !== transcriptKey?.key) };
};

async function perform(home: string, planFile: string): Promise<void> {
  assert.equal(await performPlayed(home, planFile), 'performed');
}

const DESTROYED = 'ceremony/fort-destroy/destroyed/ca-fort.aci-fo-org.json';
const destroy = async (): Promise<PlanFile> => {
  const { transcriptKey: _, ...plan } = await later('fort-destroy', () => ({ outputs: [DESTROYED] }));
  const step = { do: 'destroy-key', token: 'ca-fort', key: 'aci-fo-org', reason: 'compromised', output: DESTROYED };
  return { ...plan, steps: [{ ...step, despite: 'its last list is out' } as CeremonyStep] };
};

const SECOND = 'authorities/aci-fo-pp-2.cer';
const issue = () =>
  later('fort-second', () => ({
    steps: [
      { do: 'read-key', token: 'root-fort', key: 'acr-fo' },
      { do: 'generate-key', token: 'ca-fort', key: 'aci-fo-pp-2' },
      {
        do: 'create-issuing-authority',
        authority: 'aci-fo-pp-2',
        subjectToken: 'ca-fort',
        issuer: 'acr-fo',
        token: 'root-fort',
        output: SECOND,
      },
    ],
    outputs: [SECOND],
  }));

/** The example, after a list of the same year. */
const revoke = async (): Promise<PlanFile> => {
  const plan = await read('examples/revoke-issuing-authority');
  const steps = plan.steps.map((step) =>
    step.do === 'sign-crl' ? { ...step, number: 3, previous: { number: 2, sha256: '*' } } : step,
  );
  return { ...plan, steps };
};

describe('a power cut at every write', () => {
  let folder: string;
  let killed: KillReport;
  const homes: string[] = [];
  const homeOf = async (empty = false): Promise<string> => {
    const home = empty ? await temporaryFolder('pfcng-cut-') : await developmentHome();
    homes.push(home);
    return home;
  };
  const job = async (home: string, made: PlanFile, prepare?: () => Promise<void>): Promise<Chain[number]> => {
    const planFile = join(folder, `${made.id}.json`);
    await writeFile(planFile, JSON.stringify(made));
    return { id: made.id, home, planFile, ...(prepare === undefined ? {} : { prepare }) };
  };
  const chains = async (): Promise<readonly Chain[]> => {
    const [token, list, shares, approving] = [await homeOf(), await homeOf(), await homeOf(), await homeOf()];
    const [access, elsewhere, officer] = [await homeOf(true), await homeOf(true), await homeOf(true)];
    const lose = () => rm(join(token, TOKENS['root-fort']), { recursive: true });
    const request = async (): Promise<void> => {
      await mkdir(join(access, 'requests'));
      await writeFile(
        join(access, 'requests/break-glass-1.csr.pem'),
        makeCsr(generateKeyPairSync('ec', { namedCurve: 'prime256v1' })),
      );
    };
    const carry = async (): Promise<void> => {
      await perform(elsewhere, join(PLANS, 'examples/new-ocsp-token.json'));
      await cp(join(elsewhere, 'bundles/ocsp-ask.json'), join(approving, 'incoming/ocsp-request.json'));
    };
    const first = await job(officer, withSharedSoPin(await unsignedFort(), SO));
    const renewed = resharedSoPlan(await unsignedFort(), { soQuorum: SO, quorum: LATER });
    return [
      [
        await job(token, await read('examples/back-up-root')),
        await job(token, await read('examples/restore-root'), lose),
      ],
      [await job(list, await read('examples/yearly-crl')), await job(list, await revoke())],
      [await job(shares, await reshare()), await job(shares, await destroy())],
      [await job(approving, await read('examples/approve-ocsp-keys'), carry), await job(approving, await issue())],
      [await job(access, await read('examples/access-authority'), request)],
      [await job(officer, renewed, () => perform(officer, first.planFile))],
    ];
  };
  const transcriptOf = (id: string): string =>
    homes.map((home) => join(home, `ceremony/${id}/transcript.ndjson`)).find((file) => isThere(file)) ??
    assert.fail(id);

  before(async () => {
    folder = await temporaryFolder('pfcng-killed-');
    killed = await killAtEveryWrite(await chains(), folder);
  });

  it('is recorded in the transcript each time, and the transcript verifies', async () => {
    assert.equal(killed.points.size, 10);
    for (const [id, points] of killed.points) {
      const verified = await verifyFile(transcriptOf(id));
      assert.ok(verified.ok, verified.ok ? '' : `${id}: ${JSON.stringify(verified.error)}`);
      // The first process has no resumption, nor have two others: one had no line before it, and
      // one lost its own. Nor have those that were killed while they looked for the tokens.
      const looking = points.findIndex((point) => point.startsWith('line begin 0'));
      const resumed = readFileSync(transcriptOf(id), 'utf8').match(/"action":"resume"/g) ?? [];
      assert.equal(resumed.length, points.length - 3 - looking, id);
      for (const wanted of ['line begin 0', 'line resume 0', 'truncate', 'line end 0'])
        assert.ok(
          points.some((point) => point.startsWith(wanted)),
          `${id}: ${wanted}`,
        );
    }
    const all = [...killed.points.values()].flat().join('\n');
    for (const call of [
      /C_InitToken 1/,
      /C_InitPIN 1/,
      /C_SetPIN 1/,
      /C_GenerateKeyPair 1/,
      /C_DestroyObject 2 1/,
      /C_DestroyObject 2$/m,
    ])
      assert.match(all, call);
    assert.match(all, /rename .*root-shares\/2\/changing\.json/);
    assert.match(all, /rename ceremony\/fort\/root-token$/m);
    assert.match(all, /token rename token\.object|token rename \*/);
  });

  it('leaves nothing half-made: no partial file, and no key pair with one half', () => {
    for (const home of homes) {
      const names = readdirSync(home, { recursive: true, encoding: 'utf8' });
      assert.deepEqual(
        names.filter((name) => /\.part$|\.draft$|(^|\/)\.new-/.test(name)),
        [],
      );
      const tokens = names.filter((name) => /\/tokens\/[0-9a-f-]{36}$/.test(name));
      for (const token of tokens) {
        const objects = readdirSync(join(home, token)).filter((name) => /^[0-9a-f-]{36}\.object$/.test(name));
        assert.equal(objects.length % 2, 0, token);
        // A root's token has the root's own key only, and the CA's token lost one of its two keys.
        if (token.startsWith('ceremony/')) assert.equal(objects.length, 2, token);
        if (home === homes[2] && token.startsWith(TOKENS['ca-fort'])) assert.equal(objects.length, 2, 'destroyed');
      }
    }
  });

  it('never leaves a PIN, passphrase or share in clear on the disk', () => {
    const kinds = new Set(killed.secrets.map(({ kind }) => kind));
    assert.deepEqual([...kinds].sort(), ['passphrase', 'pin', 'share']);
    assert.deepEqual(clearSecrets(killed.left, killed.secrets, isKept), []);
    // Checks the search itself: it finds each kind of secret in every form and place.
    for (const secret of [...kinds].map((kind) => killed.secrets.find((one) => one.kind === kind) ?? assert.fail()))
      for (const { form, bytes } of formsOf(secret)) {
        const planted = new Map(killed.left).set(
          '/planted',
          Buffer.concat([Buffer.from('{"a":"'), bytes, Buffer.from('"}')]),
        );
        const [found] = clearSecrets(planted, [secret], isKept);
        assert.match(found ?? '', / in \/planted$/, form);
      }
  });
});

function isThere(file: string): boolean {
  try {
    return readFileSync(file).length > 0;
  } catch {
    return false;
  }
}
