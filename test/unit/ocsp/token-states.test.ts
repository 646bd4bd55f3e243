import assert from 'node:assert/strict';
import { tokenStates } from '../../../src/compose/readiness.js';
import { err, ok } from '../../../src/kernel/result.js';

type SignerStatus = Awaited<ReturnType<Parameters<typeof tokenStates>[0]['status']>>;

const SOCKETS = new Map([
  ['ocsp-fort', ['fort']],
  ['ocsp-standard', ['standard', 'standard-2']],
  ['ocsp-elementaire', ['elementaire', 'elementaire-2']],
]);
const AWAY: SignerStatus = err({ kind: 'signer-unavailable', retryAfterMs: 1_000, detail: 'nobody is there' });

describe('the states of the OCSP tokens', () => {
  it('are requested in parallel: none waits for another', async () => {
    const answers = new Map<string, (answer: SignerStatus) => void>();
    const states = tokenStates({ status: (path) => new Promise((answer) => answers.set(path, answer)) }, SOCKETS);
    assert.deepEqual([...answers.keys()].sort(), [...SOCKETS.values()].flat().sort());
    for (const [path, answer] of answers) answer(path.endsWith('-2') ? ok({ state: 'ready' }) : AWAY);
    const found = { 'ocsp-fort': 'down', 'ocsp-standard': 'ready', 'ocsp-elementaire': 'ready' };
    assert.deepEqual(Object.fromEntries(await states), found);
  });
});
