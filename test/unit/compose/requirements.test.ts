/** What a start says about a home folder that lacks files, where the start makes some of them. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Home, Installation } from '../../../src/compose/home.js';
import { apiCertificate } from '../../../src/compose/requirements/api.js';
import { homeFolder } from '../../../src/compose/requirements/settings.js';
import { RESPONDER_ALONE, type Roles, WHOLE_SERVICE_ROLES } from '../../../src/compose/roles.js';
import { homePaths } from '../../../src/config/paths.js';
import { ok } from '../../../src/kernel/result.js';

describe('what a start needs', () => {
  let folder: string;
  let installation: Installation;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-requirements-'));
    const config = { environment: 'development', paths: homePaths(folder) };
    const policy = { environment: { mark: 'development' }, authorities: new Map() };
    const home = { config, policy } as object as Home;
    installation = { config: ok(home.config), policy: ok(home.policy) } as object as Installation;
    writeFileSync(homePaths(folder).environment, '{"mark":"development"}');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is said of an interrupted restore in both languages, with what to do', async () => {
    const { placing } = homePaths(folder);
    assert.deepEqual(await homeFolder.find(installation, RESPONDER_ALONE), []);
    mkdirSync(join(folder, 'restore'));
    writeFileSync(placing, '{}');
    const [fault, ...others] = (await homeFolder.find(installation, RESPONDER_ALONE)) ?? [];
    assert.deepEqual(others, []);
    assert.equal(fault?.location, placing);
    assert.match(fault.fault.fr, /restauration .* a été interrompue/);
    assert.match(fault.fault.en, /a restore into .* was interrupted/);
    assert.match(fault.remedy.fr, /relancer la même commande pfcng restore/);
    assert.match(fault.remedy.en, /run the same pfcng restore command again/);
  });

  it('includes the certificate of the API for the role console alone, which does not make it', async () => {
    const { credentials } = homePaths(folder);
    const faultsFor = async (roles: Roles) => (await apiCertificate.find(installation, roles)) ?? [];
    const files = ['server.crt.pem', 'server.key.pem'].map((name) => join(credentials, name));
    assert.deepEqual(await faultsFor(WHOLE_SERVICE_ROLES), []);
    const faults = await faultsFor(new Set(['console']));
    assert.deepEqual(
      faults.map(({ location }) => location),
      files,
    );
    for (const { remedy } of faults) assert.match(remedy.en, /start a process with the role api first/);
  });
});
