/** The two ways to copy a token when it is backed up and when it is restored. */
import type { Bilingual } from '../../../kernel/bilingual.js';
import type { CheckContext, Fault } from '../../plan/fault.js';
import type { JsonSchema } from '../../plan/json-schema.js';
import { part } from '../../plan/schema-parts.js';

/**
 * `files`: the ceremony copies the files of a software token, in which keys are encrypted under its
 * PINs. `vendor`: the HSM copies with the tools of its maker; the operator is shown what to do, and
 * the ceremony waits.
 */
export type TokenCopy<ByFiles> =
  | ({ readonly by: 'files' } & ByFiles)
  | { readonly by: 'vendor'; readonly instructions: Bilingual };

/** The schema of a `TokenCopy` whose member `path` is the file of the copy. */
export function copySchema(path: 'output' | 'from'): JsonSchema {
  const byFiles = {
    type: 'object',
    additionalProperties: false,
    required: ['by', path],
    properties: { by: { const: 'files' }, [path]: part('path') },
  };
  return { oneOf: [byFiles, part('byVendor')] };
}

const NO_FILES: Bilingual = {
  fr: "un HSM n'a pas de fichiers à copier : `vendor`, avec les instructions pour son opérateur",
  en: 'an HSM has no files to be copied: `vendor`, with the instructions for its operator',
};

export function copyFaults(
  { token, copy }: { readonly token: string; readonly copy: { readonly by: 'files' | 'vendor' } },
  { plan }: CheckContext,
): readonly Fault[] {
  const keeping = plan.tokens.find(({ name }) => name === token)?.pin.kind;
  return copy.by === 'files' && keeping === 'hsm' ? [{ pointer: '/copy/by', message: NO_FILES }] : [];
}
