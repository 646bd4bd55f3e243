/**
 * What commands and starts do with a database that another version has migrated. Without these
 * checks, an older command could write into tables that a newer version has changed.
 */
import assert from 'node:assert/strict';
import { rawDatabase } from '../../../support/db/raw.js';
import { makeServiceHome, removeServiceHome, type ServiceHome } from '../../../support/service/home.js';
import { createPreparedService, runPfcng, type Service } from '../../../support/service/service.js';

type DoctorCheck = { readonly name: string; readonly state: string; readonly whatToDo?: string };

describe('the level of the schema and the commands', () => {
  let at: ServiceHome;
  let service: Service;

  before(async () => {
    at = await makeServiceHome('p-256');
    service = await createPreparedService(at);
  });
  after(async () => {
    await service.stop();
    removeServiceHome(at);
  });
  afterEach(() => setLevels({ level: 1, levelMin: 1 }));

  async function setLevels({ level, levelMin }: { readonly level: number; readonly levelMin: number }): Promise<void> {
    const raw = await rawDatabase(at.database);
    await raw.all(`update meta set value = ? where key = 'schema_level'`, String(level));
    await raw.all(`update meta set value = ? where key = 'schema_min'`, String(levelMin));
    await raw.close();
  }
  async function databaseCheck(role: string): Promise<DoctorCheck | undefined> {
    const { stdout } = await runPfcng(at, 'doctor', '--roles', role, '--json');
    return (JSON.parse(stdout) as { readonly checks: readonly DoctorCheck[] }).checks.find(
      ({ name }) => name === 'database',
    );
  }
  const statusOf = async (): Promise<unknown> =>
    JSON.parse((await runPfcng(at, 'database', 'status', '--json')).stdout);

  it('shows the level, and has nothing to migrate in a new database', async () => {
    assert.deepEqual(await statusOf(), { level: 1, levelMin: 1, programLevel: 1, missing: [] });
    const { status, stdout } = await runPfcng(at, 'database', 'migrate');
    assert.deepEqual([status, stdout], [0, 'The schema has level 1: nothing is missing.\n']);
  });

  it('commands and starts use a later level that this version can use', async () => {
    await setLevels({ level: 2, levelMin: 1 });
    for (const command of [
      ['account', 'list'],
      ['account', 'disable', 'card-management'],
      ['account', 'enable', 'card-management'],
    ]) {
      const { status, stderr } = await runPfcng(at, ...command);
      assert.equal(status, 0, stderr);
    }
    await service.start();
    await service.stop();
    assert.deepEqual(await statusOf(), { level: 2, levelMin: 1, programLevel: 1, missing: [] });
  });

  it('commands and starts refuse a database that is only for newer versions, and change nothing', async () => {
    await setLevels({ level: 2, levelMin: 2 });
    for (const command of [
      ['account', 'list'],
      ['account', 'disable', 'card-management'],
      ['clock', 'status'],
      ['database', 'migrate'],
      ['serve'],
      ['serve', '--roles', 'responder'],
    ]) {
      const { status, stderr } = await runPfcng(at, ...command);
      assert.equal(status, 1, command.join(' '));
      assert.match(stderr, /only for programs of schema level 2 or later, and this one has level 1/);
    }
    assert.deepEqual(await statusOf(), { level: 2, levelMin: 2, programLevel: 1, missing: [] });
  });

  it('commands refuse a schema that is behind, and the doctor says what to do', async () => {
    await setLevels({ level: 0, levelMin: 0 });
    for (const command of [
      ['account', 'list'],
      ['account', 'disable', 'card-management'],
      ['clock', 'status'],
    ]) {
      const { status, stderr } = await runPfcng(at, ...command);
      assert.equal(status, 1, command.join(' '));
      assert.match(stderr, /has level 0, and this version needs level 1: pfcng database migrate/);
    }
    const check = await databaseCheck('responder');
    assert.equal(check?.state, 'fault');
    assert.match(check?.whatToDo ?? '', /pfcng database migrate/);
    // In development the service migrates it at its start.
    assert.equal((await databaseCheck('all'))?.state, 'ok');
  });
});
