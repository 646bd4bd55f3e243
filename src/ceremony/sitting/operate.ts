/**
 * Asks the operator to act on the HSM with its vendor's tools, where PKCS#11 has no function for
 * it.
 */

import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { StepFailure } from '../failures.js';
import type { PeoplePresent } from './people-present.js';

export type OperatorAct = { readonly token: string; readonly what: Bilingual; readonly instructions: Bilingual };

export async function operate(
  { terminal, note, people }: PeoplePresent,
  { token, what, instructions }: OperatorAct,
): Promise<Result<void, StepFailure>> {
  terminal.show([inBothLanguages(what), `  ${instructions.fr}`, `  ${instructions.en}`]);
  const answer = await terminal.ask({
    about: 'operate',
    token,
    fr: "Opérateur du HSM : faites-le, puis Entrée (Ctrl-C pour s'arrêter)",
    en: 'HSM operator: do it, then Enter (Ctrl-C to stop)',
  });
  if (answer === null) return err({ kind: 'given-up', what });
  const operator = people.find(({ role }) => role === 'hsm-operator');
  await note('operate', { token, instructions: { ...instructions }, by: operator?.name ?? null });
  return ok(undefined);
}
