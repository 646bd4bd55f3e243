/**
 * Everything that is wrong in a plan and missing on this machine, found at once and without
 * changing anything: `pfcng ceremony check`.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { moduleFault } from '../../hsm/pkcs11/ceremony-token.js';
import { failureText } from '../ceremony/failures.js';
import type { CeremonyPlan } from '../ceremony/plan/model.js';
import { type ReadinessFact, readinessOf } from '../ceremony/readiness.js';
import { type Config, loadConfig, softhsmModule } from '../config/load.js';
import { type Bilingual, untranslated } from '../kernel/bilingual.js';
import { policyFaultLines } from '../policy/load/describe-faults.js';
import type { Policy } from '../policy/model.js';
import type { Clock, Random } from '../ports/world.js';
import { systemErrorText } from '../terminal/system-error.js';
import { checkMark, loadPlan, loadPolicyWith, openWorld } from './session.js';

export type ReadinessCheck = {
  readonly about: ReadinessFact['about'] | 'settings' | 'plan' | 'home' | 'module' | 'program';
  /** What is checked, or what was found if it is right. */
  readonly words: Bilingual;
  /** null: it is right. */
  readonly fault: Bilingual | null;
};

type ReadinessRequest = {
  readonly clock: Clock;
  readonly random: Random;
  readonly home: string | undefined;
  readonly planFile: string;
};

export async function checkReadiness(request: ReadinessRequest): Promise<readonly ReadinessCheck[]> {
  const config = loadConfig({ home: request.home });
  const checks = config.ok
    ? await checksOf(config.value, request)
    : config.error.faults.map((line) => faulty('settings', SETTINGS, untranslated(line)));
  return [...checks, ...(await programChecks())];
}

const SETTINGS = { fr: 'configuration', en: 'configuration' };
const POLICY = { fr: 'politique', en: 'policy' };
const HOME = { fr: 'dossier de la cérémonie', en: 'home folder of the ceremony' };

function fine(about: ReadinessCheck['about'], words: Bilingual): ReadinessCheck {
  return { about, words, fault: null };
}

function faulty(about: ReadinessCheck['about'], words: Bilingual, fault: Bilingual): ReadinessCheck {
  return { about, words, fault };
}

async function checksOf(config: Config, request: ReadinessRequest): Promise<readonly ReadinessCheck[]> {
  const module = moduleCheck(config.pkcs11.module);
  const policy = loadPolicyWith(config, undefined);
  if (!policy.ok)
    return [...policyFaultLines(policy.error).map((line) => faulty('policy', POLICY, untranslated(line))), module];
  const plan = await planChecks(request.planFile, policy.value);
  const marked = await checkMark(config, policy.value);
  const checks = [
    ...plan.checks,
    { about: 'home', words: untranslated(config.paths.home), fault: marked.ok ? null : marked.error } as const,
    module,
  ];
  if (plan.plan === null || module.fault !== null) return checks;
  return [...checks, ...(await factsOf(config, { ...request, policy: policy.value, plan: plan.plan }))];
}

async function planChecks(
  file: string,
  policy: Policy,
): Promise<{ readonly plan: CeremonyPlan | null; readonly checks: readonly ReadinessCheck[] }> {
  const refused = (faults: readonly Bilingual[]) => ({
    plan: null,
    checks: faults.map((fault) => faulty('plan', untranslated(file), fault)),
  });
  try {
    const read = await loadPlan(file, policy);
    if (read.ok) return { plan: read.value, checks: [planCheck(read.value)] };
    if (read.error.kind !== 'plan-refused') return refused([failureText(read.error)]);
    return refused(
      read.error.faults.map(({ pointer, message: { fr, en } }) => ({
        fr: `#${pointer} : ${fr}`,
        en: `#${pointer}: ${en}`,
      })),
    );
  } catch (thrown) {
    const text = systemErrorText(thrown);
    if (text === null) throw thrown;
    return refused([text]);
  }
}

function planCheck({ id, title, digest }: CeremonyPlan): ReadinessCheck {
  return fine('plan', {
    fr: `plan ${id} : ${title.fr} ; SHA-256 ${digest}`,
    en: `plan ${id}: ${title.en}; SHA-256 ${digest}`,
  });
}

type FactsRequest = ReadinessRequest & { readonly policy: Policy; readonly plan: CeremonyPlan };

async function factsOf(
  config: Config,
  { plan, planFile, policy, clock, random }: FactsRequest,
): Promise<readonly ReadinessCheck[]> {
  const silent = { show: () => undefined, ask: async () => null, askSecret: async () => null };
  const opened = await openWorld(config, policy, {
    clock,
    random,
    planFile,
    progress: () => undefined,
    terminal: silent,
  });
  try {
    const facts = await readinessOf(opened.world, plan);
    return facts.map(({ about, words, failure }) => ({
      about,
      words,
      fault: failure === null ? null : failureText(failure),
    }));
  } catch (thrown) {
    const text = systemErrorText(thrown);
    if (text === null) throw thrown;
    return [faulty('home', HOME, text)];
  } finally {
    await opened.close();
  }
}

function moduleCheck(path: string): ReadinessCheck {
  const words = { fr: `module PKCS#11 ${path}`, en: `PKCS#11 module ${path}` };
  const fault = moduleFault(path);
  if (fault === null) return fine('module', words);
  return faulty('module', words, { fr: 'il ne peut pas être chargé', en: fault.message });
}

const NO_SOFTHSM = {
  fr: 'absent : sans lui, aucune répétition sur cette machine (paquet softhsm2)',
  en: 'not found: no rehearsal on this machine without it (package softhsm2)',
};
const NO_OPENSSL = {
  fr: 'absent : les personnes signent avec ce programme (paquet openssl)',
  en: 'not found: it makes the signatures of the people (package openssl)',
};
const NO_FONTS = {
  fr: "absentes : le procès-verbal n'aurait pas de PDF ; décompressez de nouveau l'archive",
  en: 'not found: there would be no PDF of the minutes; unpack the archive again',
};

/** Programs that the people use before and after the ceremony. */
async function programChecks(): Promise<readonly ReadinessCheck[]> {
  const softhsm = softhsmModule();
  const openssl = await opensslVersion();
  const fonts = { fr: 'polices du procès-verbal', en: 'fonts of the minutes' };
  return [
    softhsm === undefined
      ? faulty('program', untranslated('SoftHSM'), NO_SOFTHSM)
      : fine('program', untranslated(`SoftHSM ${softhsm}`)),
    openssl === null ? faulty('program', untranslated('OpenSSL'), NO_OPENSSL) : fine('program', untranslated(openssl)),
    (await hasFonts()) ? fine('program', fonts) : faulty('program', fonts, NO_FONTS),
  ];
}

const VERSION_MS_MAX = 10_000;

/** null: there is no OpenSSL. */
async function opensslVersion(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('openssl', ['version'], { timeout: VERSION_MS_MAX });
    return stdout.trim();
  } catch {
    return null;
  }
}

/** The library that reads fonts takes long to load, so it is loaded only here. */
async function hasFonts(): Promise<boolean> {
  try {
    const { loadFonts } = await import('./pdf.js');
    loadFonts();
    return true;
  } catch {
    return false;
  }
}
