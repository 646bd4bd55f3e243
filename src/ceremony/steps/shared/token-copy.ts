/** Defines the two ways to copy a token, for back-up and for restoration. */
import type { Bilingual } from '../../../kernel/bilingual.js';
import type { CheckContext, Fault } from '../../plan/fault.js';
import type { JsonSchema } from '../../plan/json-schema.js';
import { part } from '../../plan/schema-parts.js';

/**
 * How a token is copied. `files`: the ceremony copies the files of a software token, in which keys
 * are encrypted under its PINs. `vendor`: the operator copies with the tools of the HSM, as the
 * instructions say, and the ceremony waits.
 */
export type TokenCopyMethod<ByFiles> =
  | ({ readonly by: 'files' } & ByFiles)
  | { readonly by: 'vendor'; readonly instructions: Bilingual };

/** Returns the schema of a `TokenCopyMethod`. `path` is its member with the file of the copy. */
export function copyMethodSchema(path: 'output' | 'from'): JsonSchema {
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
  const pinKind = plan.tokens.find(({ name }) => name === token)?.pin.kind;
  return copy.by === 'files' && pinKind === 'hsm' ? [{ pointer: '/copy/by', message: NO_FILES }] : [];
}
