/** Without this test, two processes of one machine could want the same port for operators. */
import assert from 'node:assert/strict';
import { parseRoles } from '../../../src/compose/roles.js';
import { operatorsAddress } from '../../../src/config/schema/listen.js';

describe('the port for operators', () => {
  const listen = { operators: { host: '127.0.0.1', port: 9090, rolePorts: { worker: 9091, responder: 9092 } } };
  const portOf = (roles: string): number => {
    const parsed = parseRoles(roles);
    return parsed.ok ? operatorsAddress(listen, parsed.value).port : assert.fail(parsed.error);
  };

  it('is that of the first role of a process, if the configuration has one', () => {
    assert.deepEqual(['worker', 'responder', 'worker,responder'].map(portOf), [9091, 9092, 9092]);
    assert.deepEqual(['api', 'worker,api', 'all'].map(portOf), [9090, 9090, 9090]);
  });
});
