/**
 * `pfcng policy`: shows officers what the policy files mean before anything is issued by them. It
 * signs nothing.
 */
import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { type Bilingual, inBothLanguages, untranslated } from '../ceremony/bilingual.js';
import { type Home, loadHome } from '../compose/home.js';
import { readIssuers } from '../compose/issuers.js';
import { systemClock, systemRandom } from '../compose/world.js';
import { blockedKeyFiles, readBlockedKeys } from '../config/blocked-keys.js';
import { configuredPolicy } from '../config/load.js';
import { loadPolicy } from '../config/policy.js';
import { type Instant, parseInstant } from '../kernel/clock.js';
import { DAY_MS } from '../kernel/duration.js';
import { LIMITS } from '../kernel/limits.js';
import { ok } from '../kernel/result.js';
import { checkCertificate, describeFindings } from '../lint/certificate/lint.js';
import { CERTIFICATE_RULES } from '../lint/certificate/lists/platform.js';
import { withDummySignature } from '../lint/dummy-signature.js';
import { policyFaultLines } from '../policy/load/describe-faults.js';
import { policyDifferences } from '../policy/load/difference.js';
import type { KeyException, Policy, Profile } from '../policy/model.js';
import {
  allowedKeyTypes,
  type CertificatePlan,
  isInForce,
  planCertificate,
  planResponder,
} from '../policy/plan/plan.js';
import { sampleOrder } from '../policy/plan/sample-order.js';
import { fail, say } from '../terminal/say.js';
import { encodeTbs } from '../x509/certificate/certificate-writer.js';
import { serialFrom } from '../x509/certificate/serial-number.js';
import type { HolderKeyType, Issuer } from '../x509/model.js';
import { encodePem } from '../x509/pem.js';
import { openssl } from './common/openssl.js';

const ENVIRONMENT = 'development or production';

export function registerPolicy(program: Command): void {
  const policy = program.command('policy').description('the policy files: profiles, authorities, environments');
  policy
    .command('check [folder]')
    .description('read and check every file, and report all faults with file and place (default: the configured files)')
    .option('--environment <name>', `${ENVIRONMENT} (default: from the configuration)`)
    .action(check);
  policy
    .command('preview <profile>')
    .description('a sample certificate of a profile as openssl x509 -text shows it, and its lint findings')
    .option('--key-type <type>', 'key type of the sample (default: the first one of the profile)')
    .action(preview);
  policy
    .command('diff <old> <new>')
    .description('the differences between two policy folders, in words')
    .option('--environment <name>', ENVIRONMENT, 'development')
    .option('--json', 'print the changes as JSON')
    .action(difference);
}

function load(folder: string, environment: string): Policy | null {
  const loaded = loadPolicy(resolve(folder), environment);
  if (loaded.ok) return loaded.value;
  fail(policyFaultLines(loaded.error));
  return null;
}

async function check(given: string | undefined, { environment }: { readonly environment?: string }): Promise<void> {
  const configured = configuredPolicy();
  if (!configured.ok) return fail(configured.error.faults);
  // The lists of blocked keys in the configuration belong to the configured policies. A folder
  // named on the command line is checked without them.
  const { policies, blockedKeys } =
    given === undefined ? configured.value : { policies: resolve(given), blockedKeys: [] };
  const policy = load(policies, environment ?? configured.value.environment);
  const blocked = await readBlockedKeys(blockedKeyFiles({ policies, blockedKeys }));
  if (!blocked.ok) fail([blocked.error]);
  if (policy === null || !blocked.ok) return;
  const { hierarchies, authorities, profiles, digest } = policy;
  const counts = `${hierarchies.size}, ${authorities.size}, ${profiles.size}`;
  say(
    inBothLanguages({
      fr: `la politique est cohérente (hiérarchies, autorités, profils : ${counts}), empreinte ${digest}`,
      en: `the policy is consistent (hierarchies, authorities, profiles: ${counts}), digest ${digest}`,
    }),
  );
  say(inBothLanguages({ fr: `clés bloquées : ${blocked.value.size}`, en: `blocked keys: ${blocked.value.size}` }));
  if (!policy.environment.keyOriginRequired) say(inBothLanguages(keyOriginText(policy)));
  const { keyExceptions, lintExceptions } = policy.environment;
  for (const one of keyExceptions) say(inBothLanguages(exceptionText(one.keyType, one, systemClock())));
  for (const one of lintExceptions) say(inBothLanguages(exceptionText(one.rule, one, systemClock())));
}

/** Says which requirement of its profiles this environment waives. */
function keyOriginText({ profiles, environment }: Policy): Bilingual {
  const requiring = [...profiles.values()].filter(({ keyOrigin }) => keyOrigin.required).map(({ id }) => id);
  return {
    fr: `origine de la clé (keyOrigin) : facultative en ${environment.mark}, exigée ailleurs par ${requiring.join(', ')}`,
    en: `origin of the key (keyOrigin): optional in ${environment.mark}, required elsewhere by ${requiring.join(', ')}`,
  };
}

/** Describes an exception: whether it is in force, until when, who approved it and why. */
function exceptionText(what: string, exception: Omit<KeyException, 'keyType'>, now: Instant): Bilingual {
  const { profiles, expires, approver, reason } = exception;
  const whose = profiles.includes('*')
    ? { fr: 'tous les profils', en: 'all profiles' }
    : untranslated(profiles.join(', '));
  const inForce = isInForce(exception, now);
  const days = Math.ceil(((parseInstant(expires) ?? now) - now) / DAY_MS);
  const state = inForce
    ? { fr: `en vigueur jusqu'au ${expires} (${days} j)`, en: `in force until ${expires} (${days} days)` }
    : { fr: `terminée le ${expires} : refusé`, en: `ended on ${expires}: refused` };
  return {
    fr: `dérogation ${what}, ${whose.fr} : ${state.fr}, accordée par ${approver} (${reason})`,
    en: `exception ${what}, ${whose.en}: ${state.en}, approved by ${approver}`,
  };
}

type DiffOptions = { readonly environment: string; readonly json?: boolean };

function difference(before: string, after: string, { environment, json }: DiffOptions): void {
  const [old, now] = [load(before, environment), load(after, environment)];
  if (old === null || now === null) return;
  const changes = policyDifferences(old, now);
  if (json) say(JSON.stringify({ from: old.digest, to: now.digest, changes }));
  else if (changes.length === 0) say(inBothLanguages({ fr: 'rien ne change', en: 'nothing changes' }));
  else for (const { fr, en } of changes) say(`- ${fr}\n  ${en}`);
}

async function preview(id: string, { keyType }: { readonly keyType?: string }): Promise<void> {
  const home = loadHome();
  if (!home.ok) return fail(home.error.faults);
  const { policy } = home.value;
  const profile = policy.profiles.get(id);
  if (profile === undefined) return fail([`no profile ${id}: ${[...policy.profiles.keys()].join(', ')}`]);
  const now = systemClock();
  const allowed = allowedKeyTypes(policy, profile, now);
  const type = keyType === undefined ? profile.keyTypes[0] : allowed.find((one) => one === keyType);
  if (type === undefined) return fail([`--key-type ${keyType ?? ''}: ${id} certifies ${allowed.join(', ')}`]);
  const issuer = currentIssuer(home.value, profile);
  if (typeof issuer === 'string') return fail([issuer]);
  const spki = sampleKey(type);
  const plan = planFor(policy, { profile, issuer, spki, now });
  if (!plan.ok) return fail(plan.error.map(({ pointer, message }) => `${pointer}: ${message}`));
  await show(policy, { plan: plan.value, issuer, spki, now });
}

type Sample = { readonly issuer: Issuer; readonly spki: Uint8Array; readonly now: number };

function planFor(
  policy: Policy,
  { profile, issuer, spki, now }: Sample & { readonly profile: Profile },
): ReturnType<typeof planCertificate> {
  if (profile.holder === 'responder') return ok(planResponder(policy, { profile, spki, issuer, now }));
  return planCertificate(policy, { order: sampleOrder(profile, now), spki, issuer, now });
}

/**
 * Prints an unsigned certificate: in place of the signature it has the fixed pattern that the lint
 * uses.
 */
async function show(
  { environment }: Policy,
  { plan, issuer, spki, now }: Sample & { readonly plan: CertificatePlan },
): Promise<void> {
  const { validity, subject, extensions, profile } = plan;
  const { signatureAlgorithm, subjectDer: issuerDer, keyType } = issuer;
  const serial = serialFrom(systemRandom(LIMITS.serialOctets));
  const tbs = encodeTbs({ serial, signatureAlgorithm, issuerDer, validity, subject, spki, extensions });
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-preview-'));
  try {
    writeFileSync(join(folder, 'sample.pem'), encodePem('CERTIFICATE', withDummySignature(tbs, keyType)));
    const { output, status } = await openssl(
      ['x509', '-in', 'sample.pem', '-noout', '-text', '-certopt', 'no_sigdump'],
      folder,
    );
    if (status !== 0) return fail(output.split('\n'));
    const unsigned = inBothLanguages({ fr: 'exemple non signé', en: 'an unsigned sample' });
    say(`${profile.id} : ${profile.title.fr} / ${profile.title.en} (${unsigned})`);
    say(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const checked = checkCertificate({ tbs, issuer, profile, environment, now });
  if (!checked.ok) return fail(describeFindings(checked.error));
  const count = CERTIFICATE_RULES.length;
  say(inBothLanguages({ fr: `contrôle : ${count} règles, aucune anomalie`, en: `lint: ${count} rules, no finding` }));
}

function currentIssuer(home: Home, { authority }: Profile): Issuer | string {
  const issuers = readIssuers(home);
  if (!issuers.ok) return issuers.error;
  return issuers.value.current(authority) ?? `${authority} has no certificate here: perform its ceremony first`;
}

function sampleKey(type: HolderKeyType): Uint8Array {
  return new Uint8Array(samplePair(type).publicKey.export({ type: 'spki', format: 'der' }));
}

const CURVES: Readonly<Partial<Record<HolderKeyType, string>>> = {
  'p-256': 'P-256',
  'p-384': 'P-384',
  'p-521': 'P-521',
  'brainpool-p256r1': 'brainpoolP256r1',
  'brainpool-p384r1': 'brainpoolP384r1',
};

function samplePair(type: HolderKeyType): KeyPairKeyObjectResult {
  if (type === 'ed25519') return generateKeyPairSync('ed25519');
  const namedCurve = CURVES[type];
  if (namedCurve !== undefined) return generateKeyPairSync('ec', { namedCurve });
  return generateKeyPairSync('rsa', { modulusLength: Number(type.slice('rsa-'.length)) });
}
