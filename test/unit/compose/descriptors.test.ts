/** Without this division, connections of clients could take the descriptors of the database. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { planDescriptors } from '../../../src/compose/descriptors.js';
import { packageRoot } from '../../../src/package/package-root.js';

describe('the numbers of connections', () => {
  it('are the usual ones if the process may open enough files', () => {
    const usual = { connections: { api: 4_000, cmp: 1_000, publication: 20_000 }, shortage: null };
    assert.deepEqual(planDescriptors(null), usual);
    assert.deepEqual(planDescriptors(65_536), usual);
    assert.equal(planDescriptors(45_640).shortage, null);
    assert.notEqual(planDescriptors(45_639).shortage, null);
  });

  it('leave descriptors to the service, whatever the limit is', () => {
    for (const openFilesMax of [256, 1_024, 4_096, 45_639]) {
      const { connections, shortage } = planDescriptors(openFilesMax);
      assert.deepEqual(shortage, { openFilesMax, needed: 45_640 });
      const taken = connections.api + connections.cmp + 2 * connections.publication;
      assert.ok(taken <= openFilesMax - Math.min(640, openFilesMax / 2), `${taken} of ${openFilesMax}`);
      assert.ok(connections.api >= 32 && connections.cmp >= 16 && connections.publication >= 32);
    }
    // The publication server has fewer connections before the API has.
    assert.deepEqual(planDescriptors(20_000).connections, { api: 4_000, cmp: 1_000, publication: 7_180 });
  });

  it('follow from the limit that the process really has', () => {
    const module = pathToFileURL(join(packageRoot(), 'dist/src/compose/descriptors.js')).href;
    const program = `import { openFilesMax } from '${module}'; process.stdout.write(String(openFilesMax()));`;
    const run = `ulimit -n 700; exec "$0" --input-type=module --eval "$1"`;
    assert.equal(execFileSync('/bin/sh', ['-c', run, process.execPath, program], { encoding: 'utf8' }), '700');
  });
});
