/**
 * CRLs and certificates in a real LDAP directory: entries are created, and CRLs are
 * only replaced by newer ones.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPasswordFile } from '../../../src/config/password-file.js';
import { crlFileName } from '../../../src/policy/publication/addresses.js';
import type { OutletSession, PublishedFile, RemoteOutlet } from '../../../src/ports/outlet.js';
import type { CrlRecord } from '../../../src/ports/store/crls.js';
import { type DeliveryWorld, deliver } from '../../../src/publish/deliver.js';
import type { LdapServer } from '../../../src/publish/ldap-connection.js';
import { createLdapOutlet } from '../../../src/publish/ldap-outlet.js';
import { fetchPublic } from '../../../src/publish/public-addresses.js';
import { type CrlPublisher, createCrlPublisher } from '../../support/crl/world.js';
import { createSlapd, type Slapd } from '../../support/servers/slapd.js';
import { collect, createStatusAuthority, SILENT_LOG, type StatusAuthority } from '../../support/status/authority.js';

describe('an LDAP directory as an outlet', () => {
  let authority: StatusAuthority;
  let slapd: Slapd;
  let folder: string;
  let publisher: CrlPublisher;
  let entry: readonly string[];
  let entries = 0;

  before(async function startServer() {
    authority = createStatusAuthority();
    slapd = await createSlapd();
  });
  after(async () => {
    await slapd.remove();
    rmSync(authority.folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-ldap-'));
    publisher = createCrlPublisher(authority, folder);
    entries += 1;
    // Each test has its own CA, whose parent entries do not exist yet.
    entry = [`cn=TEST AC ${entries}`, `ou=TEST AC RACINE ${entries}`, 'ou=0002 187512751', 'o=ASIP-SANTE', 'c=FR'];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const outletOf = (changes: Partial<Slapd> = {}): RemoteOutlet => {
    const { url, bindDn, passwordFile } = { ...slapd, ...changes };
    const bind = { dn: bindDn, password: () => readPasswordFile(passwordFile) };
    return createLdapOutlet({ name: 'directory', server: { url, bind, tls: null }, entryOf: () => entry });
  };
  const visit = async <Value>(use: (session: OutletSession) => Promise<Value>): Promise<Value> => {
    const session = await outletOf().open();
    if (!session.ok) throw new Error(session.error.detail);
    try {
      return await use(session.value);
    } finally {
      await session.value.close();
    }
  };
  const itemOf = ({ issuer, number, sha256, sizeBytes }: CrlRecord): PublishedFile => {
    const described = { sha256: sha256 ?? '', sizeBytes: sizeBytes ?? 0, number };
    return { scope: 'full', issuer, fileName: crlFileName(issuer), ...described };
  };
  const certificate = (): PublishedFile => {
    const { id, certificate: der } = authority.issuer;
    const sha256 = createHash('sha256').update(der).digest('hex');
    return { scope: null, issuer: id, fileName: 'CA.cer', sha256, sizeBytes: der.length, number: null };
  };
  async function* chunksOf(bytes: Uint8Array) {
    yield bytes.slice(0, 100);
    yield bytes.slice(100);
  }
  const list = () => readFileSync(join(folder, crlFileName(authority.issuer.id)));
  const world = (bytes: () => Uint8Array = list): DeliveryWorld => ({
    issuerOf: () => authority.issuer,
    log: SILENT_LOG,
    source: ({ scope }) => [chunksOf(scope === null ? authority.issuer.certificate : bytes())],
  });
  const stands = async (attribute: string): Promise<Buffer> => {
    const dn = entry.map((rdn) => rdn.replaceAll(' ', '%20')).join(',');
    const got = await fetchPublic(`${slapd.url}/${dn}?${attribute};binary?base?objectClass=pkiCA`);
    if (!got.ok) throw new Error(got.error.detail);
    return Buffer.from(await collect(got.value));
  };

  it('publishes CRLs and certificates in the entry of their issuer, and creates the entries above it', async () => {
    const crl = itemOf(await publisher.publish(3));
    await visit(async (session) => {
      assert.deepEqual(await deliver(world(), session, crl), { ok: true, value: 'delivered' });
      assert.deepEqual(await deliver(world(), session, certificate()), { ok: true, value: 'delivered' });
      assert.deepEqual(await deliver(world(), session, crl), { ok: true, value: 'unchanged' });
    });
    assert.deepEqual(await stands('certificaterevocationlist'), list());
    assert.deepEqual(await stands('cACertificate'), Buffer.from(authority.issuer.certificate));
  });

  it('replaces a CRL by a newer one and keeps the other attributes of the entry', async () => {
    await visit(async (session) => {
      await deliver(world(), session, itemOf(await publisher.publish()));
      await deliver(world(), session, certificate());
      const second = itemOf(await publisher.publish(1));
      assert.deepEqual(await deliver(world(), session, second), { ok: true, value: 'delivered' });
    });
    assert.deepEqual(await stands('certificateRevocationList'), list());
    assert.deepEqual(await stands('cACertificate'), Buffer.from(authority.issuer.certificate));
  });

  it('protects a newer CRL from a publisher that read the entry before, and from one that comes later', async () => {
    const first = itemOf(await publisher.publish());
    await visit((session) => deliver(world(), session, first));
    const second = itemOf(await publisher.publish(1));
    const secondBytes = list();
    const third = itemOf(await publisher.publish(2));
    const thirdBytes = list();
    await visit(async (slow) => {
      const looked = await slow.current(second);
      assert.equal(looked.ok && looked.value?.sha256, first.sha256);
      await visit((fast) => deliver(world(), fast, third));
      const late = await slow.put(second, chunksOf(secondBytes));
      assert.deepEqual(late, { ok: false, error: { kind: 'outlet-changed' } });
      assert.deepEqual(
        await deliver(
          world(() => secondBytes),
          slow,
          second,
        ),
        { ok: true, value: 'newer-there' },
      );
    });
    assert.deepEqual(await stands('certificateRevocationList'), thirdBytes);
  });

  it('does not add an entry that another publisher has added meanwhile', async () => {
    const first = itemOf(await publisher.publish());
    const firstBytes = list();
    const second = itemOf(await publisher.publish(1));
    await visit(async (slow) => {
      await slow.current(first);
      await visit((fast) => deliver(world(), fast, second));
      assert.deepEqual(await slow.put(first, chunksOf(firstBytes)), { ok: false, error: { kind: 'outlet-changed' } });
    });
    assert.deepEqual(await stands('certificateRevocationList'), list());
  });

  it('adds the classes that it needs to an entry that others have made', async () => {
    const above = [...entry].reverse();
    const made = [
      ['dn: c=FR', 'objectClass: country'],
      ['dn: o=ASIP-SANTE,c=FR', 'objectClass: organization'],
      [`dn: ${above.slice(0, 3).reverse().join(',')}`, 'objectClass: organizationalUnit'],
      [`dn: ${above.slice(0, 4).reverse().join(',')}`, 'objectClass: organizationalUnit'],
      [`dn: ${entry.join(',')}`, 'objectClass: organizationalRole', 'description: ours'],
    ];
    for (const lines of made)
      await slapd.add(`${lines.join('\n')}\n`).catch((error: unknown) => {
        // Other tests may have made the entries above.
        if (!/Already exists/.test(String(error))) throw error;
      });
    const delta = { ...itemOf(await publisher.publish()), scope: 'delta', fileName: 'delta.crl' } as const;
    await visit(async (session) => {
      assert.deepEqual(await deliver(world(), session, itemOf(await publisher.publish())), {
        ok: true,
        value: 'delivered',
      });
      const put = await session.current(delta).then(() => session.put(delta, chunksOf(list())));
      assert.equal(put.ok, true);
    });
    assert.deepEqual(await stands('deltarevocationlist'), list());
  });

  it('publishes nothing that differs from the record in the database', async () => {
    const crl = itemOf(await publisher.publish());
    const other = Buffer.from(list());
    other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
    await visit(async (session) =>
      assert.deepEqual(
        await deliver(
          world(() => other),
          session,
          crl,
        ),
        { ok: true, value: 'no-source' },
      ),
    );
    await assert.rejects(stands('certificateRevocationList'));
  });

  it('stores a CRL of a hundred thousand entries', async () => {
    const crl = itemOf(await publisher.publish(100_000));
    await visit(async (session) =>
      assert.deepEqual(await deliver(world(), session, crl), { ok: true, value: 'delivered' }),
    );
    assert.deepEqual(await stands('certificateRevocationList'), list());
  });

  it('connects encrypted, and rejects a server certificate of an unknown CA', async () => {
    const crl = itemOf(await publisher.publish());
    const other = join(authority.folder, 'ca.pem');
    const bind = { dn: slapd.bindDn, password: () => readPasswordFile(slapd.passwordFile) };
    const openAt = (url: string, tls: LdapServer['tls']) =>
      createLdapOutlet({ name: 'directory', server: { url, bind, tls }, entryOf: () => entry }).open();
    for (const [url, startTls] of [
      [slapd.tlsUrl, false],
      [slapd.url, true],
    ] as const) {
      const session = await openAt(url, { ca: slapd.ca, startTls });
      assert.ok(session.ok, JSON.stringify(session));
      assert.equal((await deliver(world(), session.value, crl)).ok, true);
      await session.value.close();
      const refused = await openAt(url, { ca: other, startTls });
      assert.match(refused.ok ? '' : refused.error.detail, /self-signed certificate/);
      // The certificate contains only the address.
      const named = await openAt(url.replace('127.0.0.1', 'localhost'), { ca: slapd.ca, startTls });
      assert.match(named.ok ? '' : named.error.detail, /does not match certificate's altnames/);
    }
    assert.deepEqual(await stands('certificateRevocationList'), list());
  });

  it('reports why a server rejects the connection or cannot be reached', async () => {
    const wrong = await outletOf({ bindDn: 'cn=nobody,c=FR' }).open();
    assert.match(wrong.ok ? '' : wrong.error.detail, /InvalidCredentials/);
    const away = await outletOf({ url: 'ldap://127.0.0.1:1' }).open();
    assert.match(away.ok ? '' : away.error.detail, /ECONNREFUSED/);
    const noPassword = await outletOf({ passwordFile: join(folder, 'none') }).open();
    assert.equal(noPassword.ok, false);
    entry = ['cn=X', 'o=elsewhere', 'c=DE'];
    const crl = itemOf(await publisher.publish());
    assert.deepEqual(await visit((session) => deliver(world(), session, crl)), { ok: true, value: 'refused' });
  });

  it('rejects a value that is too long for a message, and accepts the next one', async () => {
    const large = new Uint8Array(17_000_000);
    const sha256 = createHash('sha256').update(large).digest('hex');
    const crl = { ...itemOf(await publisher.publish()), sha256, sizeBytes: large.length };
    await visit(async (session) => {
      assert.deepEqual(
        await deliver(
          world(() => large),
          session,
          crl,
        ),
        { ok: true, value: 'refused' },
      );
      assert.deepEqual(await deliver(world(), session, certificate()), { ok: true, value: 'delivered' });
    });
  });
});
