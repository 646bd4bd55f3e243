/**
 * The committed types of the client are those of the OpenAPI document. Without this test a change
 * of the API would leave the client with the types of yesterday.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../../src/package/package-root.js';

describe('the types of the client', () => {
  it('are what the generator makes of the OpenAPI document: otherwise npm run client-types', async () => {
    const script = pathToFileURL(join(packageRoot(), 'scripts/lib/client-types.mjs')).href;
    const { CLIENT_TYPES, generateClientTypes } = (await import(script)) as {
      readonly CLIENT_TYPES: string;
      readonly generateClientTypes: () => Promise<string>;
    };
    const committed = readFileSync(join(packageRoot(), CLIENT_TYPES), 'utf8').split('\n');
    const made = (await generateClientTypes()).split('\n');
    const at = made.findIndex((line, index) => line !== committed[index]);
    assert.equal(at === -1 ? null : `line ${at + 1}: ${made[at]}`, null);
    assert.equal(committed.length, made.length);
  });
});
