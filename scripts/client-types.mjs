import './lib/node-version.mjs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLIENT_TYPES, generateClientTypes } from './lib/client-types.mjs';
import { prepare } from './lib/prepare.mjs';
import { ROOT } from './lib/root.mjs';
import { explain, say } from './lib/say.mjs';

/** `npm run client-types`: writes the types of the client of the API from the OpenAPI document. */
try {
  await prepare({ purposes: ['run'], build: true });
  writeFileSync(join(ROOT, CLIENT_TYPES), await generateClientTypes());
  say(`client-types: ${CLIENT_TYPES} is written`);
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
