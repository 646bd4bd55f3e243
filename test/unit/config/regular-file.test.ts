/**
 * Files that others put in their places. Without these guarantees, a pipe in place of a certificate
 * or of the configuration would hold up a start for ever, and a device would fill the memory.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readIssuers } from '../../../src/compose/issuers.js';
import { readBlockedKeys } from '../../../src/config/blocked-keys.js';
import { configuredPolicy } from '../../../src/config/load.js';
import { homePaths } from '../../../src/config/paths.js';
import { readPolicyFiles } from '../../../src/config/policy-files.js';
import { readRegularFile, SMALL_FILE_BYTES_MAX, tryReadRegularFile } from '../../../src/config/regular-file.js';
import { policyCopy, testPolicy } from '../policy/fixtures.js';

describe('a regular file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-regular-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const makePipe = (path: string): string => {
    execFileSync('mkfifo', [path]);
    return path;
  };

  it('that cannot be opened has a text that says what to do', () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'content');
    const read = tryReadRegularFile(join(file, 'below'));
    assert.ok(!read.ok);
    assert.equal(read.error.en, 'a part of the path is a file: check the path');
  });

  it('is read completely, and nothing else is opened for longer than that takes to see', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'content');
    assert.equal(readRegularFile(file).toString(), 'content');
    const socket = join(folder, 'socket');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    try {
      for (const [path, code] of [
        [makePipe(join(folder, 'pipe')), 'ESPIPE'],
        [socket, 'ESPIPE'],
        ['/dev/zero', 'ESPIPE'],
        [folder, 'EISDIR'],
        [join(folder, 'none'), 'ENOENT'],
      ] as const)
        assert.throws(() => readRegularFile(path), { code, path });
    } finally {
      server.close();
    }
  });

  it('has a limit', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    truncateSync(file, SMALL_FILE_BYTES_MAX);
    assert.equal(readRegularFile(file).length, SMALL_FILE_BYTES_MAX);
    truncateSync(file, SMALL_FILE_BYTES_MAX + 1);
    assert.throws(() => readRegularFile(file), { code: 'EFBIG', path: file });
    assert.throws(() => readRegularFile(file, 3), /EFBIG: more than 3 bytes, read '.*\/file'/);
  });

  it('is expected in place of the configuration, of a policy, of blocked keys and of the certificate of a CA', async () => {
    const pipe = makePipe(join(folder, 'pipe'));
    const before = process.env.PFCNG_CONFIG;
    process.env.PFCNG_CONFIG = pipe;
    try {
      const configured = configuredPolicy();
      assert.match(configured.ok ? '' : configured.error.faults.join(), /pipe: cannot be read as JSON \(ESPIPE/);
    } finally {
      if (before === undefined) delete process.env.PFCNG_CONFIG;
      else process.env.PFCNG_CONFIG = before;
    }
    const keys = await readBlockedKeys([pipe]);
    assert.match(keys.ok ? '' : keys.error, /pipe: it is not a regular file/);
    const copy = policyCopy();
    try {
      rmSync(join(copy.directory, 'fort/hierarchy.json'));
      makePipe(join(copy.directory, 'fort/hierarchy.json'));
      const policy = readPolicyFiles(copy.directory, 'development');
      const [fault] = policy.ok ? [] : policy.error;
      assert.match(
        `${fault?.file}: ${fault?.message}`,
        /^fort\/hierarchy\.json: cannot be read as JSON: it is not a regular file/,
      );
    } finally {
      copy.remove();
    }
    const paths = homePaths(folder);
    mkdirSync(paths.authorities);
    makePipe(join(paths.authorities, 'acr-fo.cer'));
    const issuers = readIssuers({ config: { paths } as never, policy: testPolicy() });
    assert.match(issuers.ok ? '' : issuers.error, /ESPIPE: not a regular file, read '.*acr-fo\.cer'/);
  });
});
