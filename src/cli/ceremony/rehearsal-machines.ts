/**
 * The machines of a rehearsal: a folder for each, as in the ceremonies. A plan runs on the machine
 * that has its tokens; a plan that makes all of its tokens gets a new one. Files are carried
 * between them: a bundle to the plan that imports it, an officer's request to its CA.
 */
import { generateKeyPairSync, sign } from 'node:crypto';
import { cp, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { OID } from '../../asn1/oids.js';
import type { CeremonyPlan } from '../../ceremony/plan/model.js';
import { homeFiles, isThere } from '../../ceremony-host/files.js';
import type { Screen } from '../../ceremony-host/layout.js';
import { loadPolicyWith } from '../../ceremony-host/session.js';
import { loadConfig } from '../../config/load.js';
import type { Bilingual } from '../../kernel/bilingual.js';
import { utf8 } from '../../kernel/bytes.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { parseIssuerId } from '../../policy/ids.js';
import { signerName } from '../../policy/plan/plan.js';
import { signatureAlgorithmFor } from '../../x509/keys/algorithms.js';
import type { Name } from '../../x509/model.js';
import { encodePem } from '../../x509/pem.js';
import { assembleRequest, encodeRequestInfo } from '../../x509/request/certification-request-writer.js';

type Machine = { readonly home: string; readonly tokens: Set<string> };
type ExportedBundle = { readonly home: string; readonly path: string; readonly files: string };

export type RehearsalMachines = {
  /**
   * Prepares the folder for this checked plan, with the files that come from elsewhere. The error
   * says in words why the plan cannot be performed.
   */
  readonly prepare: (plan: CeremonyPlan) => Promise<Result<string, Bilingual>>;
  readonly homes: () => readonly string[];
};

/** `copyFrom`: a folder with files from elsewhere (`requests/`, `incoming/`); null: none. */
export function rehearsalMachines(copyFrom: string | null, show: Screen['show']): RehearsalMachines {
  const machines: Machine[] = [];
  const exported: ExportedBundle[] = [];
  return {
    homes: () => machines.map(({ home }) => home),
    async prepare(plan) {
      const found = findMachine(plan, machines);
      if (!found.ok) return found;
      const machine = found.value ?? (await newMachine(copyFrom));
      if (found.value === null) machines.push(machine);
      for (const { folder } of plan.tokens) machine.tokens.add(folder);
      const carried = await carryBundles(plan, { home: machine.home, exported, show });
      if (!carried.ok) return carried;
      await makeRequests(plan, machine.home, show);
      for (const step of plan.steps)
        if (step.do === 'export-bundle')
          exported.push({ home: machine.home, path: step.output, files: sortedNames(step.files) });
      return ok(machine.home);
    },
  };
}

/** Finds the machine that has the tokens of a plan. null: the plan makes them, on a new one. */
function findMachine(plan: CeremonyPlan, machines: readonly Machine[]): Result<Machine | null, Bilingual> {
  const made = plan.steps.flatMap((step) => (step.do === 'initialise-token' ? [step.token] : []));
  const needed = plan.tokens.filter(({ name }) => !made.includes(name));
  if (needed.length === 0) return ok(null);
  const machine = machines.find(({ tokens }) => needed.every(({ folder }) => tokens.has(folder)));
  if (machine !== undefined) return ok(machine);
  const names = needed.map(({ name }) => name).join(', ');
  return err({
    fr: `${plan.id} : jeton ${names}, d'une cérémonie précédente : nommez aussi son plan, avant celui-ci`,
    en: `${plan.id}: token ${names} is from an earlier ceremony: name the plan of that ceremony before this one`,
  });
}

async function newMachine(copyFrom: string | null): Promise<Machine> {
  const home = await mkdtemp(join(tmpdir(), 'pfcng-rehearsal-'));
  if (copyFrom !== null) await cp(copyFrom, home, { recursive: true });
  return { home, tokens: new Set() };
}

function sortedNames(files: readonly string[]): string {
  return [...files].sort().join(', ');
}

type CarryWorld = {
  readonly home: string;
  readonly exported: readonly ExportedBundle[];
  readonly show: Screen['show'];
};

async function carryBundles(
  plan: CeremonyPlan,
  { home, exported, show }: CarryWorld,
): Promise<Result<void, Bilingual>> {
  for (const step of plan.steps) {
    if (step.do !== 'import-bundle' || (await isThere(join(home, step.bundle)))) continue;
    const files = sortedNames(step.files);
    const from = exported.findLast((bundle) => bundle.files === files);
    if (from === undefined)
      return err({
        fr: `${plan.id} : ${step.bundle} vient d'une autre cérémonie (${files}) : nommez son plan avant celui-ci, ou donnez --copy-from`,
        en: `${plan.id}: ${step.bundle} is from another ceremony (${files}): name its plan before this one, or use --copy-from`,
      });
    await homeFiles(home).create(step.bundle, new Uint8Array(await readFile(join(from.home, from.path))));
    show([
      {
        fr: `Répétition ; le paquet ${from.path} est porté d'une machine à l'autre : ${step.bundle}`,
        en: `Rehearsal; the bundle ${from.path} is carried from one machine to another: ${step.bundle}`,
      },
    ]);
  }
  return ok(undefined);
}

/**
 * Makes the requests of absent officers, servers and systems, and of the platform, with keys that
 * are deleted. If the plan names the hash of a real key, its request must come with `--copy-from`.
 */
async function makeRequests(plan: CeremonyPlan, home: string, show: Screen['show']): Promise<void> {
  const made = plan.steps.flatMap((step) => (step.do === 'import-bundle' ? step.files : []));
  for (const step of plan.steps) {
    if (
      step.do !== 'create-break-glass-account' &&
      step.do !== 'create-founding-certificate' &&
      step.do !== 'create-cmp-signer'
    )
      continue;
    if (step.publicKeySha256 !== '*' || made.includes(step.request)) continue;
    if (await isThere(join(home, step.request))) continue;
    const subject = step.do === 'create-cmp-signer' ? cmpName(home, step.issuer) : nameOf(basename(step.request));
    await homeFiles(home).create(step.request, utf8(trialRequest(subject)));
    show([
      {
        fr: `Répétition ; le programme établit la demande ${step.request}, avec une clé d'essai`,
        en: `Rehearsal; the program makes the request ${step.request} with a trial key`,
      },
    ]);
  }
}

function nameOf(commonName: string): Name {
  return [[{ type: OID.commonName, form: 'utf8String', value: commonName }]];
}

/** The name that the policy of this home folder gives the CMP signer of a CA. */
function cmpName(home: string, issuer: string): Name {
  const config = loadConfig({ home });
  const policy = config.ok ? loadPolicyWith(config.value, undefined) : config;
  const parsed = parseIssuerId(issuer);
  return policy.ok && parsed.ok ? signerName(policy.value, 'cmp-signer', parsed.value) : nameOf(issuer);
}

function trialRequest(subject: Name): string {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
  const info = encodeRequestInfo({ subject, spki });
  const signature = new Uint8Array(sign('sha256', info, privateKey));
  return encodePem('CERTIFICATE REQUEST', assembleRequest(info, signatureAlgorithmFor('p-256'), signature));
}
