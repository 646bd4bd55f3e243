/**
 * An LDAP directory with CRLs, delta CRLs and CA certificates in the entries of their issuers (RFC
 * 4523), at the addresses in certificates. Missing entries are created, with those above them.
 *
 * A CRL is replaced by one Modify with the assertion (RFC 4528) that the entry has not changed
 * since it was read (entryCSN), if the server supports both. Otherwise only the lease of the
 * outlet, which allows one publisher of a database at a time, prevents that an older CRL replaces a
 * newer one.
 */
import { Attribute, Change, type Client, ResultCodeError } from 'ldapts';
import { present } from '../kernel/assert.js';
import type { Bytes } from '../kernel/bytes.js';
import { sha256Hex } from '../kernel/digest.js';
import { err, ok, type Result } from '../kernel/result.js';
import { type CrlKind, kindOf, partitionOf } from '../policy/publication/crl-scopes.js';
import type {
  OutletChanged,
  OutletFailure,
  OutletRefusal,
  OutletSession,
  PublishedFile,
  RemoteOutlet,
} from '../ports/outlet.js';
import type { IssuerId } from '../ports/signer.js';
import {
  AssertionControl,
  connect,
  disconnect,
  hasResultCode,
  LDAP_RESULT,
  type LdapServer,
  tryLdap,
} from './ldap-connection.js';
import { once, valuesOf } from './ldap-entry.js';

type LdapOutletOptions = {
  readonly name: string;
  readonly server: LdapServer;
  /** The RDNs of the entry of an issuer, starting with its own. */
  readonly entryOf: (issuer: IssuerId) => readonly string[];
};

type ItemKind = CrlKind | 'authority';

const ATTRIBUTES: Readonly<Record<ItemKind, string>> = {
  full: 'certificateRevocationList;binary',
  delta: 'deltaRevocationList;binary',
  authority: 'cACertificate;binary',
};
/** The auxiliary classes that allow these attributes (RFC 4523 3.2 and 3.5). */
const CLASSES: Readonly<Record<ItemKind, readonly string[]>> = {
  full: ['pkiCA'],
  delta: ['pkiCA', 'deltaCRL'],
  authority: ['pkiCA'],
};
/** A structural class that requires nothing but a name. */
const STRUCTURAL_CLASS = 'cRLDistributionPoint';
/** The classes of the entries above (RFC 4519 3). */
const PARENT_CLASSES: Readonly<Record<string, string>> = {
  c: 'country',
  o: 'organization',
  ou: 'organizationalUnit',
};

/** ldapts encodes lengths in at most three bytes; the difference is for the rest of the message. */
const VALUE_BYTES_MAX = 2 ** 24 - 64 * 1024;

/** The state of an entry when `current` read it; null: there was none. */
type EntryState = { readonly csn: string | null; readonly classes: readonly string[] } | null;

export function createLdapOutlet({ name, server, entryOf }: LdapOutletOptions): RemoteOutlet {
  const createSession = (client: Client): OutletSession => {
    const seen = new Map<string, EntryState>();
    const rdnsOf = ({ issuer }: PublishedFile): readonly string[] => entryOf(present(issuer, 'the issuer of an entry'));
    return {
      current: (item) =>
        tryLdap(server.url, async () => {
          const attribute = ATTRIBUTES[kindOfItem(item)];
          const entry = await readEntry(client, dnOf(rdnsOf(item)), attribute);
          seen.set(item.fileName, entry === null ? null : { csn: entry.csn, classes: entry.classes });
          const value = entry?.value ?? null;
          if (value === null) return null;
          return { sha256: sha256Hex(value), read: () => once(value) };
        }),
      put: async (item, chunks) => {
        // Read outside of `tryLdap`, because errors of the source are not errors of the server.
        const value = await collect(chunks);
        if (value.length > VALUE_BYTES_MAX) {
          const detail = `${value.length} bytes; the LDAP client supports at most ${VALUE_BYTES_MAX}`;
          return err({ kind: 'outlet-refuses', detail });
        }
        const done = await tryLdap(server.url, () => {
          const found = seen.get(item.fileName) ?? null;
          const target = { client, item, rdns: rdnsOf(item), value };
          return (found === null ? addEntry(target) : replaceValue(target, found)).catch(refusal);
        });
        return done.ok ? done.value : done;
      },
      close: () => disconnect(client),
    };
  };
  return {
    name,
    // An entry has one CRL of each kind, so the CRLs of partitions are published on the web only.
    // Entries are those of issuers, so the key of the platform and link certificates have none.
    takes: ({ issuer, scope }) => issuer !== null && (scope === null || partitionOf(scope) === null),
    open: async () => {
      const client = await connect(server);
      return client.ok ? ok(createSession(client.value)) : client;
    },
  };
}

function kindOfItem({ scope }: PublishedFile): ItemKind {
  return scope === null ? 'authority' : kindOf(scope);
}

type EntryUpdate = {
  readonly client: Client;
  readonly item: PublishedFile;
  readonly rdns: readonly string[];
  readonly value: Buffer;
};
type PutResult = Result<void, OutletFailure | OutletChanged | OutletRefusal>;

/**
 * A result code of the server concerns this value; any other error means that the server is
 * unavailable.
 */
function refusal(error: unknown): PutResult {
  if (!(error instanceof ResultCodeError)) throw error;
  return err({ kind: 'outlet-refuses', detail: `${error.name} (${error.code}): ${error.message}`.slice(0, 500) });
}

async function addEntry({ client, item, rdns, value }: EntryUpdate): Promise<PutResult> {
  const attributes = [
    new Attribute({ type: 'objectClass', values: [STRUCTURAL_CLASS, ...CLASSES[kindOfItem(item)]] }),
    attributeOf(rdns[0] ?? ''),
    new Attribute({ type: ATTRIBUTES[kindOfItem(item)], values: [value] }),
  ];
  try {
    await addWithParents(client, rdns, attributes);
    return ok(undefined);
  } catch (error) {
    if (hasResultCode(error, LDAP_RESULT.alreadyExists)) return err({ kind: 'outlet-changed' });
    throw error;
  }
}

/** Adds the entry, after adding missing entries above it. */
async function addWithParents(client: Client, rdns: readonly string[], attributes: Attribute[]): Promise<void> {
  try {
    await client.add(dnOf(rdns), attributes);
  } catch (error) {
    const above = rdns.slice(1);
    if (above.length === 0 || !hasResultCode(error, LDAP_RESULT.noSuchObject)) throw error;
    const [type = ''] = (above[0] ?? '').split('=');
    const own = [
      new Attribute({ type: 'objectClass', values: [PARENT_CLASSES[type] ?? 'organizationalUnit'] }),
      attributeOf(above[0] ?? ''),
    ];
    await addWithParents(client, above, own).catch((failure: unknown) => {
      // If another publisher has added it meanwhile, the goal is reached too.
      if (!hasResultCode(failure, LDAP_RESULT.alreadyExists)) throw failure;
    });
    await client.add(dnOf(rdns), attributes);
  }
}

async function replaceValue(
  { client, item, rdns, value }: EntryUpdate,
  seen: NonNullable<EntryState>,
): Promise<PutResult> {
  const has = new Set(seen.classes.map((one) => one.toLowerCase()));
  const missing = CLASSES[kindOfItem(item)].filter((one) => !has.has(one.toLowerCase()));
  const changes = [
    ...(missing.length === 0 ? [] : [change('add', new Attribute({ type: 'objectClass', values: missing }))]),
    change('replace', new Attribute({ type: ATTRIBUTES[kindOfItem(item)], values: [value] })),
  ];
  const modify = (csn: string | null): Promise<void> =>
    client.modify(dnOf(rdns), changes, csn === null ? [] : [new AssertionControl('entryCSN', csn)]);
  try {
    await modify(seen.csn);
    return ok(undefined);
  } catch (error) {
    const isOther = [LDAP_RESULT.assertionFailed, LDAP_RESULT.noSuchObject].some((code) => hasResultCode(error, code));
    if (isOther) return err({ kind: 'outlet-changed' });
    if (seen.csn === null || !hasResultCode(error, LDAP_RESULT.unavailableCriticalExtension)) throw error;
    await modify(null);
    return ok(undefined);
  }
}

function change(operation: 'add' | 'replace', modification: Attribute): Change {
  return new Change({ operation, modification });
}

type LdapEntry = { readonly value: Buffer | null; readonly csn: string | null; readonly classes: readonly string[] };

async function readEntry(client: Client, dn: string, attribute: string): Promise<LdapEntry | null> {
  try {
    const attributes = [attribute, 'objectClass', 'entryCSN'];
    const { searchEntries } = await client.search(dn, { scope: 'base', filter: '(objectClass=*)', attributes });
    const [entry] = searchEntries;
    if (entry === undefined) return null;
    const [value] = valuesOf(entry, attribute);
    const [csn] = valuesOf(entry, 'entryCSN');
    return {
      value: Buffer.isBuffer(value) ? value : null,
      csn: typeof csn === 'string' ? csn : null,
      classes: valuesOf(entry, 'objectClass').map(String),
    };
  } catch (error) {
    if (hasResultCode(error, LDAP_RESULT.noSuchObject)) return null;
    throw error;
  }
}

/**
 * Names of CAs contain no character that RFC 4514 escapes; the schema of the policy guarantees it.
 */
function dnOf(rdns: readonly string[]): string {
  return rdns.join(',');
}

function attributeOf(rdn: string): Attribute {
  const at = rdn.indexOf('=');
  return new Attribute({ type: rdn.slice(0, at), values: [rdn.slice(at + 1)] });
}

async function collect(chunks: AsyncIterable<Bytes>): Promise<Buffer> {
  const parts: Bytes[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}
