/**
 * Asks the HSM operator to do something with the tools of the vendor that PKCS#11 has no function
 * for, and records that it was done.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { StepFailure } from '../failures.js';
import { askLine, noAnswerFailure, readDone } from './ask.js';
import type { SittingContext } from './sitting-context.js';
import { QUOTED_WORDS } from './words.js';

export type OperatorAct = { readonly token: string; readonly what: Bilingual; readonly instructions: Bilingual };

export async function operate(
  { terminal, note, people }: SittingContext,
  { token, what, instructions }: OperatorAct,
): Promise<Result<void, StepFailure>> {
  terminal.show([what, { fr: `    ${instructions.fr}`, en: `    ${instructions.en}` }]);
  const done = await askLine(terminal, {
    question: {
      about: 'operate',
      token,
      fr: `Opérateur du HSM : exécutez cette opération, puis tapez ${QUOTED_WORDS.done.fr}`,
      en: `HSM operator: perform this operation, then type ${QUOTED_WORDS.done.en}`,
    },
    expected: { fr: `${QUOTED_WORDS.done.fr} quand c'est fait`, en: `${QUOTED_WORDS.done.en} when it is done` },
    refusal: { fr: `cette opération sur le jeton ${token}`, en: `this operation on token ${token}` },
    read: readDone,
  });
  if (!done.ok) return err(noAnswerFailure(done.error, what));
  const operator = people.find(({ role }) => role === 'hsm-operator');
  await note('operate', { token, instructions: { ...instructions }, by: operator?.name ?? null });
  return ok(undefined);
}
