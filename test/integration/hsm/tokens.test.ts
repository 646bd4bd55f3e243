import assert from 'node:assert/strict';
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createCeremonyToken, openCeremonyToken } from '../../../hsm/pkcs11/ceremony-token.js';
import { loadModule } from '../../../hsm/pkcs11/module.js';
import { softhsm } from '../../support/hsm/implementations.js';
import { PIN, removeFolder, SOFTHSM_MODULE, temporaryFolder } from '../../support/hsm/signers.js';
import { describeTokens } from '../../support/hsm/token-suite.js';

describeTokens('tokens of SoftHSM', () => softhsm);

describe('a token whose files were changed', () => {
  it('has no key for a label that two keys have, because it is ambiguous', async () => {
    const directory = temporaryFolder();
    const place = { modulePath: SOFTHSM_MODULE, directory, label: 'pfcng-development-twice', pin: PIN };
    const token = await createCeremonyToken({ ...place, soPin: '90817263' });
    await token.generateKey('k', 'p-256');
    await token.close();
    const tokens = join(directory, 'tokens');
    const [id = assert.fail('no token')] = readdirSync(tokens);
    const objects = readdirSync(join(tokens, id)).filter((name) => /^[0-9a-f-]+\.object$/.test(name));
    assert.equal(objects.length, 2);
    for (const name of objects) copyFileSync(join(tokens, id, name), join(tokens, id, `0${name}`));
    const opened = await openCeremonyToken(place);
    await assert.rejects(opened.sign('k', 'p-256', Buffer.from('x')), /the token has 2 keys k/);
    await opened.close();
    removeFolder(directory);
  });
});

describe('a process', () => {
  it('loads one PKCS#11 module and no other', () => {
    loadModule(SOFTHSM_MODULE);
    assert.throws(() => loadModule(process.execPath), /this process has loaded/);
  });
});
