/**
 * A start with a file that is wrong: damaged, of another CA, open to others, a pipe in its place.
 * Without these checks the fault would be an exception, or be found after signers, database and
 * listeners were started.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, cpSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadInstallation } from '../../../../src/compose/home.js';
import { apiCertificate } from '../../../../src/compose/requirements/api.js';
import { checkRequirement, findFaults, startFaults } from '../../../../src/compose/requirements/table.js';
import { WHOLE_SERVICE_ROLES } from '../../../../src/compose/roles.js';
import { ok } from '../../../../src/kernel/result.js';
import { makeSelfSigned } from '../../../support/servers/self-signed.js';
import { useStartHome } from './start-home.js';

describe('a start with a file that is wrong', () => {
  const { at, pathOf, faultsFor, without } = useStartHome();

  const PEM = 'CERTIFICATE-----';
  const tls = (name: string): string => pathOf(`tls/${name}`);
  const read = (name: string): string => readFileSync(pathOf(name), 'utf8');

  /** Changes a file for one check. Returns the English words about it. */
  async function wordsWith(
    name: string,
    content: string | Uint8Array | null,
    { mode, find = findFaults }: { readonly mode?: number; readonly find?: typeof findFaults } = {},
  ): Promise<string> {
    const { mode: usual } = statSync(pathOf(name));
    const before = readFileSync(pathOf(name));
    if (content !== null) {
      chmodSync(pathOf(name), 0o600);
      writeFileSync(pathOf(name), content);
    }
    chmodSync(pathOf(name), mode ?? usual);
    try {
      const faults = await find(loadInstallation(), WHOLE_SERVICE_ROLES);
      return faults.map(({ location, fault, details = [] }) => [location, fault.en, ...details].join(': ')).join('\n');
    } finally {
      chmodSync(pathOf(name), 0o600);
      writeFileSync(pathOf(name), before);
      chmodSync(pathOf(name), usual);
    }
  }

  it('names a CA certificate that is none, or that another root has signed', async () => {
    assert.match(
      await wordsWith('home/authorities/aci-el-org.cer', 'none'),
      /aci-el-org\.cer: it is not a certificate of a CA/,
    );
    const foreign = readFileSync(join(at().home, 'authorities/aci-fo-org.cer'));
    assert.match(await wordsWith('home/authorities/aci-el-org.cer', foreign), /it was not signed by acr-el/);
  });

  it('names a responder of another CA', async () => {
    const foreign = readFileSync(join(at().home, 'authorities/aci-fo-org.ocsp.cer'));
    assert.match(
      await wordsWith('home/authorities/aci-el-org.ocsp.cer', foreign),
      /^\S+aci-el-org\.ocsp\.cer: it is not a certificate of a responder of this CA \(issued-by-its-authority\)$/,
    );
  });

  it('names the damaged certificate of a further responder, its CA and the step that makes it', async () => {
    const file = join(at().home, 'authorities/aci-el-org.ocsp-rsa-3072.cer');
    writeFileSync(file, 'none');
    const faults = await faultsFor('all');
    rmSync(file);
    const [{ location, purpose, remedy } = assert.fail('no fault')] = faults;
    assert.equal(location, file);
    assert.equal(purpose.en, 'certificate of an OCSP responder of aci-el-org');
    assert.match(remedy.en, /^step create-ocsp-signer of the ceremony of/);
  });

  it('names a home folder of another environment, and a mark that is damaged', async () => {
    assert.match(
      await wordsWith('home/environment.json', '{"mark":"production"}'),
      /belongs to the environment production/,
    );
    assert.match(await wordsWith('home/environment.json', '{"mark'), /environment\.json: it cannot be read/);
  });

  it('names a PIN file that others can read, and a key of the API that others can read', async () => {
    assert.match(
      await wordsWith('home/pins/ca-fort.pin', null, { mode: 0o644 }),
      /ca-fort\.pin: it can be read by others/,
    );
    assert.equal(
      await wordsWith('home/pins/ca-fort.pin', null, { mode: 0o644, find: startFaults }),
      '',
      'the other signers work',
    );
    assert.match(
      await wordsWith('tls/server.key.pem', null, { mode: 0o644 }),
      /server\.key\.pem: it can be read by others: its mode is 0644/,
    );
    assert.match(
      await wordsWith('tls/ldap.password', null, { mode: 0o444 }),
      /ldap\.password: it can be read by others/,
    );
  });

  it('names a key of the API that is a symbolic link, and accepts one that is a credential of systemd', async () => {
    const key = pathOf('tls/server.key.pem');
    await without(['tls/server.key.pem'], async () => {
      symlinkSync(`${key}.aside`, key);
      assert.deepEqual(
        (await faultsFor('all')).map(({ location, fault }) => `${location}: ${fault.en}`),
        [`${key}: it is a symbolic link`],
      );
    });
    // systemd gives a file of root that an ACL lets the service read; the mode shows its mask.
    if (process.getuid?.() === 0) assert.equal(await wordsWith('tls/server.key.pem', null, { mode: 0o440 }), '');
  });

  it('does not say that the API has a foreign certificate while the certificate of one generation is missing', async () => {
    const installation = loadInstallation();
    const { policy } = installation;
    assert.ok(policy?.ok);
    const authority = policy.value.authorities.get('aci-fo-org') ?? assert.fail('aci-fo-org');
    const authorities = new Map([...policy.value.authorities, [authority.id, { ...authority, currentGeneration: 2 }]]);
    const second = { ...installation, policy: ok({ ...policy.value, authorities }) };
    const file = join(at().home, 'authorities/aci-fo-org-2.cer');
    cpSync(join(at().home, 'authorities/aci-fo-org.cer'), file);
    try {
      await without(['home/authorities/aci-el-org.cer'], async () =>
        assert.deepEqual(await checkRequirement(apiCertificate, second, WHOLE_SERVICE_ROLES), []),
      );
    } finally {
      rmSync(file);
    }
  });

  it('names a pipe and a file that is too large in the place of a file, and does not wait for them', async () => {
    const name = 'tls/server.key.pem';
    const expected = /server\.key\.pem: it is not a regular file of at most 1048576 bytes/;
    await without([name], async () => {
      execFileSync('mkfifo', [pathOf(name)]);
      assert.match(
        (await faultsFor('all')).map(({ location, fault }) => `${location}: ${fault.en}`).join('\n'),
        expected,
      );
    });
    assert.match(await wordsWith(name, Buffer.alloc(1_048_577)), expected);
  });

  it('names an emptied database, a damaged mark of it, and a malformed list of blocked keys', async () => {
    assert.match(
      await wordsWith('home/pfcng.sqlite', ''),
      /there is no database: .*the database is empty; .*ops\/database\.md/,
    );
    assert.match(await wordsWith('home/database.json', '{'), /database\.json: it cannot be read, or is damaged/);
    assert.match(await wordsWith('home/node.json', '{}'), /node\.json: it cannot be read, .*has no node id/);
    assert.match(
      await wordsWith('tls/blocked.txt', 'key\n'),
      /blocked\.txt: .*blocked\.txt:1: must be 64 lower-case hex digits/,
    );
  });

  it('names what is wrong with the certificate and the key of the API', async () => {
    const [leaf = '', ca = ''] = read('tls/server.crt.pem').split(/(?<=END CERTIFICATE-----\n)/);
    assert.ok(leaf.includes(PEM) && ca.includes(PEM));
    assert.equal(await wordsWith('tls/server.crt.pem', leaf), '', 'the chain may be left out');
    assert.match(await wordsWith('tls/server.crt.pem', `${leaf}text`), /server\.crt\.pem: not a PEM certificate chain/);
    assert.match(await wordsWith('tls/server.key.pem', 'text'), /server\.key\.pem: it is not a private key in PEM/);
    const other = readFileSync(join(at().home, 'credentials/no-rights.key.pem'));
    assert.match(
      await wordsWith('tls/server.key.pem', other),
      /server\.key\.pem: it is not the key of the certificate/,
    );
    const client = readFileSync(join(at().home, 'credentials/card-management.crt.pem'));
    assert.match(await wordsWith('tls/server.crt.pem', client), /server\.crt\.pem: not for server authentication/);
    const own = { key: tls('own.key'), certificate: tls('own.pem'), subject: '/CN=localhost' };
    await makeSelfSigned(
      own,
      '-addext',
      'extendedKeyUsage=serverAuth',
      '-not_before',
      '20200101000000Z',
      '-not_after',
      '20210101000000Z',
    );
    const expired = readFileSync(own.certificate);
    assert.ok(new X509Certificate(expired).validTo.includes('2021'));
    const words = await wordsWith('tls/server.crt.pem', expired);
    const stopping = await wordsWith('tls/server.crt.pem', expired, { find: startFaults });
    assert.doesNotMatch(stopping, /expired/, 'OCSP and CRLs do not end with the certificate of the API');
    for (const name of [own.key, own.certificate]) rmSync(name);
    assert.match(words, /expired, or not valid yet \(2020-01-01T00:00:00Z - 2021-01-01T00:00:00Z\)/);
    assert.match(words, /issued by no CA of this home/);
    assert.match(words, /it is not the key of the certificate/);
  });
});
