/**
 * The types of the client are those of the OpenAPI document. Without this test a change of the API
 * could leave the client with the types of an earlier build.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openApiDocument } from '../../../src/http/api/openapi.js';
import { packageRoot } from '../../../src/package/package-root.js';

describe('the types of the client', () => {
  it('are what the generator makes of the OpenAPI document', async () => {
    const script = pathToFileURL(join(packageRoot(), 'scripts/lib/client-types.mjs')).href;
    const { CLIENT_TYPES, clientTypes } = (await import(script)) as {
      readonly CLIENT_TYPES: string;
      readonly clientTypes: (document: object) => string;
    };
    const built = readFileSync(join(packageRoot(), CLIENT_TYPES), 'utf8').split('\n');
    const made = clientTypes(openApiDocument({ version: '1', url: 'https://127.0.0.1' })).split('\n');
    const at = made.findIndex((line, index) => line !== built[index]);
    assert.equal(at === -1 ? null : `line ${at + 1}: ${made[at]}`, null);
    assert.equal(built.length, made.length);
  });
});
