/** Reads a ceremony plan: turns the text of a file into a checked value. */
import type { ErrorObject } from 'ajv';
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { parseInstant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { duplicateKeys } from '../../kernel/duplicate-keys.js';
import { errorMessage } from '../../kernel/errors.js';
import { escapePointer } from '../../kernel/json-pointer.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { describeError } from '../../policy/load/schema-errors.js';
import type { Policy } from '../../policy/model.js';
import { STEP_KINDS } from '../steps/all.js';
import { planFaults } from './check.js';
import type { CeremonyPlan, PlanFault, PlanRefused } from './model.js';
import { validatePlan } from './validator.js';

export const PLAN_BYTES_MAX = 256 * 1024;
const TOO_LONG = { fr: `plus de ${PLAN_BYTES_MAX} octets`, en: `longer than ${PLAN_BYTES_MAX} octets` };
const WINDOW = {
  fr: 'deux dates valables sont attendues, la première antérieure à la seconde',
  en: 'two valid dates are expected, the first before the second',
};

/**
 * Reads a plan. It checks the text, then the kinds of steps, the schema, the window and the rules
 * of `check.ts`. The error has all faults of the first check that fails, with their places.
 */
export function readPlan(
  text: Bytes,
  { file, policy }: { readonly file: string; readonly policy: Policy },
): Result<CeremonyPlan, PlanRefused> {
  const refuse = (faults: readonly PlanFault[]) => err<PlanRefused>({ kind: 'plan-refused', faults });
  if (text.length > PLAN_BYTES_MAX) return refuse([{ file, pointer: '', message: TOO_LONG }]);
  const value = parseJson(text);
  if (!value.ok) return refuse([{ file, pointer: '', message: value.error }]);
  const inText = textFaults(value.value.text, value.value.json);
  if (inText.length > 0) return refuse(inText.map((fault) => ({ file, ...fault })));
  const kinds = stepKindFaults(value.value.json, file);
  if (kinds.length > 0) return refuse(kinds);
  const plan: unknown = value.value.json;
  if (!validatePlan(plan)) return refuse(schemaFaults(file, validatePlan.errors ?? []));
  const notBefore = parseInstant(plan.window.notBefore);
  const notAfter = parseInstant(plan.window.notAfter);
  if (notBefore === null || notAfter === null || notBefore >= notAfter)
    return refuse([{ file, pointer: '/window', message: WINDOW }]);
  const faults = planFaults(plan, policy).map((fault) => ({ file, ...fault }));
  if (faults.length > 0) return refuse(faults);
  return ok({ ...plan, window: { notBefore, notAfter }, text, digest: sha256Hex(text) });
}

function parseJson(octets: Bytes): Result<{ readonly text: string; readonly json: unknown }, Bilingual> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(octets);
    return ok({ text, json: JSON.parse(text) });
  } catch (thrown) {
    const why = errorMessage(thrown);
    return err({ fr: `ce n'est pas du JSON : ${why}`, en: `not JSON: ${why}` });
  }
}

/**
 * Describes the errors of Ajv. It reports a failed condition as `if`, besides the faults under it,
 * so these reports are left out.
 */
function schemaFaults(file: string, errors: readonly ErrorObject[]): readonly PlanFault[] {
  return errors
    .filter(({ keyword }) => keyword !== 'if')
    .map(describeError)
    .map(({ pointer, message }) => ({ file, pointer, message: schemaMessage(message) }));
}

/**
 * Translates the most frequent messages of the schema, which are English; for the others, the
 * French text says only that the schema is not met.
 */
function schemaMessage(message: string): Bilingual {
  const known: Readonly<Record<string, string>> = { 'is not a known member': 'membre inconnu', 'is missing': 'manque' };
  return { fr: known[message] ?? 'non conforme au schéma des plans', en: message };
}

/**
 * Checks that each step is of a known kind. This runs before the schema, whose message would not
 * say which certificates ceremonies sign.
 */
function stepKindFaults(value: unknown, file: string): readonly PlanFault[] {
  if (typeof value !== 'object' || value === null || !('steps' in value) || !Array.isArray(value.steps)) return [];
  const steps: readonly unknown[] = value.steps;
  return steps.flatMap((step, at) => {
    if (typeof step !== 'object' || step === null || !('do' in step) || typeof step.do !== 'string') return [];
    if (Object.hasOwn(STEP_KINDS, step.do)) return [];
    return [{ file, pointer: `/steps/${at}/do`, message: unknownStep(step.do) }];
  });
}

/**
 * Says that there is no such step. If its name is about signers or certificates, the text also
 * lists which certificates ceremonies sign.
 */
function unknownStep(name: string): Bilingual {
  const [fr, en] = [`il n'y a pas d'étape ${name}`, `there is no step ${name}`];
  if (!/signer|signing|certif/i.test(name)) return { fr, en };
  const where =
    '(create-ocsp-signer, approve-ocsp-keys, create-cmp-signer, create-break-glass-account, ' +
    'create-founding-certificate ; ops/decisions/0025)';
  const certified = {
    fr: 'outre les AC, une cérémonie certifie les répondeurs OCSP, les signataires CMP, les officiers de secours et les premiers comptes',
    en: 'besides CAs, a ceremony certifies OCSP responders, CMP signers, break-glass officers and the first accounts',
  };
  return { fr: `${fr} : ${certified.fr} ${where}`, en: `${en}: ${certified.en} ${where}` };
}

/**
 * Checks that people and programs read the same plan. Programs differ in how they read an object
 * with duplicate keys (RFC 8259, section 4), and invisible characters may change how the text
 * appears (Unicode UTR 36, UTS 39), so a plan must contain neither.
 */
type TextFault = { readonly pointer: string; readonly message: Bilingual };

function pointerOf(path: readonly (string | number)[]): string {
  return path.map((token) => `/${escapePointer(`${token}`)}`).join('');
}

/**
 * Returns the faults of a JSON text: deep nesting, duplicate keys, invisible characters, and names
 * with letters of several alphabets. `value` is the parsed text.
 */
export function textFaults(text: string, value: unknown): readonly TextFault[] {
  return isDeep(text) ? [{ pointer: '', message: DEEP }] : [...namedTwice(text), ...invisibleCharacters(value, [])];
}

/**
 * Limit of nesting. Plans need less than half of it; a hostile plan with thousands of levels could
 * overflow the stack.
 */
const DEPTH_MAX = 16;
const DEEP: Bilingual = { fr: `plus de ${DEPTH_MAX} niveaux`, en: `more than ${DEPTH_MAX} levels` };
/** JSON strings, and the characters that begin and end objects and arrays. */
const STRINGS_AND_BRACKETS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]/gu;

function isDeep(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(STRINGS_AND_BRACKETS)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    if (depth > DEPTH_MAX) return true;
  }
  return false;
}

const TWICE: Bilingual = { fr: 'nommé deux fois dans le même objet', en: 'named twice in the same object' };

function namedTwice(text: string): readonly TextFault[] {
  return Array.from(duplicateKeys(text), (pointer) => ({ pointer, message: TWICE }));
}

/**
 * Matches control, format, private and unassigned characters, and separators of lines and
 * paragraphs.
 */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/u;

function invisibleCharacters(value: unknown, at: readonly (string | number)[]): readonly TextFault[] {
  if (typeof value === 'string') {
    const [character] = INVISIBLE.exec(value) ?? [];
    if (character !== undefined) return [{ pointer: pointerOf(at), message: invisibleMessage(character) }];
    const isName = at.at(-1) === 'name' || at.at(-1) === 'organisation';
    return isName && value.split(/\P{L}+/u).some(isMixed) ? [{ pointer: pointerOf(at), message: MIXED }] : [];
  }
  if (Array.isArray(value)) return value.flatMap((one, index) => invisibleCharacters(one, [...at, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => invisibleCharacters(member, [...at, name]));
}

/**
 * The fault of a name with a word in several alphabets. Cyrillic `А` looks like Latin `A`, so two
 * names that look alike would count as two people with two shares.
 */
const MIXED: Bilingual = {
  fr: "mêle dans un mot des lettres de plusieurs alphabets : à la lecture, rien ne le distingue d'un autre nom",
  en: 'mixes letters of several alphabets in one word: whoever reads it cannot tell it from another name',
};

function isMixed(word: string): boolean {
  const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u];
  return scripts.filter((script) => script.test(word)).length > 1;
}

function invisibleMessage(character: string): Bilingual {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return { fr: `contient un caractère invisible (${code})`, en: `has an invisible character (${code})` };
}
