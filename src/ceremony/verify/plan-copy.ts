/**
 * Reads the copy of the plan of a past ceremony. The plan was checked against the policy of that
 * day when the ceremony began, and the policy may have changed since, so only the form of the copy
 * is checked here: a forger may have put any file in its place.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Bytes } from '../../kernel/bytes.js';
import { isObject, parseJson } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { PlanFile } from '../plan/model.js';
import { PLAN_BYTES_MAX, textFaults } from '../plan/read.js';
import { isStepKindName, STEP_KINDS } from '../steps/all.js';

const RULES = {
  noPlan: { fr: "ce n'est pas un plan", en: 'this is not a plan' },
  unsigned: {
    fr: "un plan de production sans transcriptKey : personne n'a signé",
    en: 'this is a production plan without transcriptKey: nobody has signed the transcript',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

/**
 * Reads the copy. In production, a plan without a transcript key is an error: the transcript is not
 * signed.
 */
export function readPlanCopy(octets: Bytes): Result<PlanFile, Bilingual> {
  if (octets.length > PLAN_BYTES_MAX) return err(RULES.noPlan);
  const text = new TextDecoder().decode(octets);
  const value = parseJson(text);
  const [fault] = value === undefined ? [] : textFaults(text, value);
  if (fault !== undefined)
    return err({ fr: `${fault.pointer} ${fault.message.fr}`, en: `${fault.pointer} ${fault.message.en}` });
  if (!isPlan(value)) return err(RULES.noPlan);
  return value.environment === 'production' && value.transcriptKey === undefined ? err(RULES.unsigned) : ok(value);
}

type Members = Readonly<Record<string, unknown>>;

function areObjects(value: unknown): value is readonly Members[] {
  return Array.isArray(value) && value.every(isObject);
}

/** Whether the value has the form of a plan, as far as the verification reads it. */
function isPlan(value: unknown): value is PlanFile {
  if (!isObject(value) || typeof value.id !== 'string') return false;
  const { people, presence, tokens, steps, quorum, window, software, transcriptKey } = value;
  const lists = areObjects(people) && areObjects(presence) && areObjects(tokens) && areObjects(steps);
  if (!lists || !isObject(quorum) || !isObject(window) || !isObject(software)) return false;
  if (transcriptKey !== undefined && !isObject(transcriptKey)) return false;
  if (quorum.kind === 'shares' && !areObjects(quorum.holders)) return false;
  if (!people.every(({ role, name, organisation }) => [role, name, organisation].every(isText))) return false;
  const areTokensReadable = tokens.every(
    ({ folder, pin }) =>
      typeof folder === 'string' && isObject(pin) && (pin.kind === 'hsm' || typeof pin.path === 'string'),
  );
  return areTokensReadable && [window.notBefore, window.notAfter].every(isText) && steps.every(isStep);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

const NAMING_MEMBERS = ['token', 'key', 'authority', 'issuer', 'output', 'request', 'record', 'bundle'];

function isStep(step: Members): boolean {
  const named = NAMING_MEMBERS.every((name) => step[name] === undefined || isText(step[name]));
  return named && isText(step.do) && isStepKindName(step.do) && STEP_KINDS[step.do].verify.isReadable(step);
}
