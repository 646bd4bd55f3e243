/**
 * `pfcng policy`: shows officers what the policy files mean before anything is issued by them. It
 * signs nothing.
 */
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { systemClock } from '../../compose/world.js';
import { blockedKeyFiles, readBlockedKeys } from '../../config/blocked-keys.js';
import { configuredPolicy } from '../../config/load.js';
import { loadPolicy } from '../../config/policy.js';
import { type Bilingual, inBothLanguages, untranslated } from '../../kernel/bilingual.js';
import { type Instant, parseInstant } from '../../kernel/clock.js';
import { DAY_MS } from '../../kernel/duration.js';
import { policyFaultLines } from '../../policy/load/describe-faults.js';
import type { KeyException, Policy } from '../../policy/model.js';
import { isInForce } from '../../policy/plan/plan.js';
import { fail, say } from '../../terminal/say.js';
import { decide } from './decide.js';
import { difference } from './difference.js';
import { preview } from './preview.js';

const ENVIRONMENT = 'development or production';

export function registerPolicy(program: Command): void {
  const policy = program.command('policy').description('the policy files: profiles, authorities, environments');
  policy
    .command('check [folder]')
    .description(
      'read and check every file, and report all faults with file and member (default: the configured files)',
    )
    .option('--environment <name>', `${ENVIRONMENT} (default: from the configuration)`)
    .option('--json', 'print the digest and the numbers as JSON')
    .action(check);
  policy
    .command('preview <profile>')
    .description('a sample certificate of a profile as openssl x509 -text shows it, and its lint findings')
    .option('--key-type <type>', 'key type of the sample (default: the first one of the profile)')
    .action(preview);
  policy
    .command('decide <folder>')
    .description('decide the values that the package assumes, one question after the other (can be interrupted)')
    .option('--by <name>', 'who decides: a name, a committee (default: it is asked for)')
    .addOption(
      new Option('--answers <file>', 'take all answers from a JSON file: all are written, or none').conflicts('json'),
    )
    .option('--from-shipped', 'copy the shipped policies into the folder if it does not exist')
    .option('--json', 'list what is left to decide as JSON')
    .action(decide);
  policy
    .command('diff <old> <new>')
    .description('what differs between two policy folders, what was decided and what is left to decide, value by value')
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

type Check = { readonly environment?: string; readonly json?: boolean };

async function check(given: string | undefined, { environment, json }: Check): Promise<void> {
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
  if (json === true) return say(JSON.stringify(asJson(policy, blocked.value.size)));
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

function asJson({ hierarchies, authorities, profiles, digest, environment }: Policy, blockedKeys: number) {
  const { mark, keyOriginRequired, keyExceptions, lintExceptions } = environment;
  return {
    environment: mark,
    digest,
    hierarchies: hierarchies.size,
    authorities: authorities.size,
    profiles: profiles.size,
    blockedKeys,
    keyOriginRequired,
    keyExceptions,
    lintExceptions,
  };
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
    ? { fr: `en vigueur jusqu'au ${expires} (${days} jours)`, en: `in force until ${expires} (${days} days)` }
    : { fr: `expirée le ${expires}, refusée`, en: `expired on ${expires}, refused` };
  return {
    fr: `dérogation ${what}, ${whose.fr} : ${state.fr}, accordée par ${approver} (${reason})`,
    en: `exception ${what}, ${whose.en}: ${state.en}, approved by ${approver}`,
  };
}
