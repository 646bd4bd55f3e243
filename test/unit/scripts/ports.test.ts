/** Two tests with one port are a failure that nobody can repeat. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { freePorts } from '../../support/machine/ports.js';

/** So many that processes without blocks of their own would have some ports twice. */
const ROWS = 500;
const IN_A_ROW = 5;
const ports = new URL('../../support/machine/ports.js', import.meta.url).href;
const TAKES_PORTS = `
  import { freePorts } from ${JSON.stringify(ports)};
  const taken = await Promise.all(Array.from({ length: ${ROWS} }, () => freePorts(${IN_A_ROW})));
  console.log(JSON.stringify(taken.flat()));
  process.stdin.resume();
`;
/** A process of its own, so that the block does not end between the two rows. */
const LISTENS_ON_THE_NEXT = `
  import { createServer } from 'node:net';
  import { freePort, freePorts } from ${JSON.stringify(ports)};
  const before = await freePort();
  const server = createServer().listen(before + 1, '127.0.0.1', async () => {
    console.log(JSON.stringify([before, ...(await freePorts(3))]));
    server.close();
  });
`;

describe('ports of the tests', () => {
  it('are given to one process as long as it lives, also while no server listens on them', async () => {
    const others = [0, 1].map(() => spawn(process.execPath, ['--input-type=module', '--eval', TAKES_PORTS]));
    try {
      const taken = await Promise.all([...others.map(({ stdout }) => portsIn(stdout)), ownPorts()]);
      const all = taken.flat();
      assert.equal(all.length, 3 * ROWS * IN_A_ROW);
      assert.equal(new Set(all).size, all.length);
    } finally {
      for (const other of others) other.kill('SIGKILL');
    }
  });

  it('are never those on which a server listens that is no test', async () => {
    const other = spawn(process.execPath, ['--input-type=module', '--eval', LISTENS_ON_THE_NEXT]);
    const [before = 0, ...after] = await portsIn(other.stdout);
    assert.deepEqual(after, [before + 4, before + 5, before + 6]);
  });
});

async function ownPorts(): Promise<readonly number[]> {
  return (await Promise.all(Array.from({ length: ROWS }, () => freePorts(IN_A_ROW)))).flat();
}

async function portsIn(output: NodeJS.ReadableStream): Promise<readonly number[]> {
  let said = '';
  for await (const part of output.setEncoding('utf8')) {
    said += part;
    if (said.endsWith('\n')) break;
  }
  return JSON.parse(said);
}
