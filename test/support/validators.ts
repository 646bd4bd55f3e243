/** The generator of validators (`scripts/lib/validators.mjs`), and a judge of API documents. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Ajv } from 'ajv';
import type { ComponentName } from '../../src/http/api/schemas/components.js';
import { present } from '../../src/kernel/assert.js';
import { packageRoot } from '../../src/package/package-root.js';

/** As in `scripts/lib/validators.mjs`. */
export type Validators = {
  readonly module: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
};

const generator = pathToFileURL(join(packageRoot(), 'scripts/lib/validators.mjs')).href;
export const { validators, compilerOf, MODULES } = (await import(generator)) as {
  readonly validators: () => Promise<readonly Validators[]>;
  readonly compilerOf: (wanted: Validators) => Promise<Ajv>;
  readonly MODULES: Readonly<Record<'api', string>>;
};

/** Judges also the documents that the service only sends, for which no function is generated. */
export async function createDocumentJudge(): Promise<(component: ComponentName, document: unknown) => void> {
  const api = (await validators()).find(({ module }) => module === MODULES.api);
  const ajv = await compilerOf(present(api, 'the validators of the API'));
  return (component, document) => {
    const validate = present(ajv.getSchema(`urn:pfcng:openapi#/components/schemas/${component}`), component);
    assert.ok(validate(document), `${component}: ${ajv.errorsText(validate.errors)}`);
  };
}
