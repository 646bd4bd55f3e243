/**
 * An LDAP directory with CRLs, delta CRLs and CA certificates in the entries of their issuers (RFC 4523), where the certificates say
 * that they are. Entries that are missing are made, with those above them.
 *
 * A list is replaced by one Modify, under the assertion (RFC 4528) that the entry is still the one that was looked at (entryCSN), where the
 * server has both. Where it has not, publishers of one database taking turns is all that keeps an older list from replacing a newer one.
 */
import { Attribute, Change, type Client, ResultCodeError } from 'ldapts';
import type { Bytes } from '../kernel/bytes.js';
import { sha256Hex } from '../kernel/digest.js';
import { err, ok, type Result } from '../kernel/result.js';
import { type CrlKind, kindOf, partitionOf } from '../policy/publication/crl-scopes.js';
import type {
  OutletChanged,
  OutletFailure,
  OutletRefusal,
  OutletSession,
  Publishable,
  RemoteOutlet,
} from '../ports/outlet.js';
import type { IssuerId } from '../ports/signer.js';
import {
  AssertionControl,
  hasResultCode,
  LDAP_RESULT,
  type LdapServer,
  leave,
  reachingLdap,
  visit,
} from './ldap-connection.js';
import { valuesOf } from './ldap-entry.js';

type LdapOutletOptions = {
  readonly name: string;
  readonly server: LdapServer;
  /** RDNs of the entry of an issuer, from itself up. */
  readonly entryOf: (issuer: IssuerId) => readonly string[];
};

type Kind = CrlKind | 'authority';

const ATTRIBUTES: Readonly<Record<Kind, string>> = {
  full: 'certificateRevocationList;binary',
  delta: 'deltaRevocationList;binary',
  authority: 'cACertificate;binary',
};
/** RFC 4523 3.2 and 3.5: auxiliary classes that allow them, and a structural one that has only a name besides. */
const CLASSES: Readonly<Record<Kind, readonly string[]>> = {
  full: ['pkiCA'],
  delta: ['pkiCA', 'deltaCRL'],
  authority: ['pkiCA'],
};
const STRUCTURAL = 'cRLDistributionPoint';
/** RFC 4519 3. */
const CLASS_ABOVE: Readonly<Record<string, string>> = {
  c: 'country',
  o: 'organization',
  ou: 'organizationalUnit',
};

/** ldapts writes lengths of three octets at most; the rest of the message has room in what is left. */
const VALUE_BYTES_MAX = 2 ** 24 - 64 * 1024;

/** What `standing` has found of an entry; null: there is none. */
type Seen = { readonly csn: string | null; readonly classes: readonly string[] } | null;

export function createLdapOutlet({ name, server, entryOf }: LdapOutletOptions): RemoteOutlet {
  const visitOf = (client: Client): OutletSession => {
    const seen = new Map<string, Seen>();
    const rdnsOf = ({ issuer }: Publishable): readonly string[] => entryOf(issuer);
    return {
      standing: (item) =>
        reachingLdap(server.url, async () => {
          const attribute = ATTRIBUTES[kindOfItem(item)];
          const entry = await readEntry(client, dnOf(rdnsOf(item)), attribute);
          seen.set(item.fileName, entry === null ? null : { csn: entry.csn, classes: entry.classes });
          const value = entry?.value ?? null;
          if (value === null) return null;
          return { sha256: sha256Hex(value), read: () => once(value) };
        }),
      put: async (item, chunks) => {
        // Collected outside: what the source throws is not the server's.
        const value = await collect(chunks);
        if (value.length > VALUE_BYTES_MAX) {
          const detail = `${value.length} octets, and an LDAP message from here has room for ${VALUE_BYTES_MAX}`;
          return err({ kind: 'outlet-refuses', detail });
        }
        const done = await reachingLdap(server.url, () => {
          const found = seen.get(item.fileName) ?? null;
          const target = { client, item, rdns: rdnsOf(item), value };
          return (found === null ? addEntry(target) : replaceValue(target, found)).catch(refusal);
        });
        return done.ok ? done.value : done;
      },
      close: () => leave(client),
    };
  };
  return {
    name,
    // Entries have one list of each kind: those of partitions are on the web alone.
    takes: ({ scope }) => scope === null || partitionOf(scope) === null,
    open: async () => {
      const client = await visit(server);
      return client.ok ? ok(visitOf(client.value)) : client;
    },
  };
}

function kindOfItem({ scope }: Publishable): Kind {
  return scope === null ? 'authority' : kindOf(scope);
}

type Target = {
  readonly client: Client;
  readonly item: Publishable;
  readonly rdns: readonly string[];
  readonly value: Buffer;
};
type Put = Result<void, OutletFailure | OutletChanged | OutletRefusal>;

/** What the server answers is about this value; all else is about the server. */
function refusal(error: unknown): Put {
  if (!(error instanceof ResultCodeError)) throw error;
  return err({ kind: 'outlet-refuses', detail: `${error.name} (${error.code}): ${error.message}`.slice(0, 500) });
}

async function addEntry({ client, item, rdns, value }: Target): Promise<Put> {
  const attributes = [
    new Attribute({ type: 'objectClass', values: [STRUCTURAL, ...CLASSES[kindOfItem(item)]] }),
    attributeOf(rdns[0] ?? ''),
    new Attribute({ type: ATTRIBUTES[kindOfItem(item)], values: [value] }),
  ];
  try {
    await addBelow(client, rdns, attributes);
    return ok(undefined);
  } catch (error) {
    if (hasResultCode(error, LDAP_RESULT.alreadyExists)) return err({ kind: 'outlet-changed' });
    throw error;
  }
}

/** Adds the entry; what is missing above it first. */
async function addBelow(client: Client, rdns: readonly string[], attributes: Attribute[]): Promise<void> {
  try {
    await client.add(dnOf(rdns), attributes);
  } catch (error) {
    const above = rdns.slice(1);
    if (above.length === 0 || !hasResultCode(error, LDAP_RESULT.noSuchObject)) throw error;
    const [type = ''] = (above[0] ?? '').split('=');
    const own = [
      new Attribute({ type: 'objectClass', values: [CLASS_ABOVE[type] ?? 'organizationalUnit'] }),
      attributeOf(above[0] ?? ''),
    ];
    await addBelow(client, above, own).catch((failure: unknown) => {
      // Another publisher was faster, which is as good.
      if (!hasResultCode(failure, LDAP_RESULT.alreadyExists)) throw failure;
    });
    await client.add(dnOf(rdns), attributes);
  }
}

async function replaceValue({ client, item, rdns, value }: Target, seen: NonNullable<Seen>): Promise<Put> {
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

type Read = { readonly value: Buffer | null; readonly csn: string | null; readonly classes: readonly string[] };

async function readEntry(client: Client, dn: string, attribute: string): Promise<Read | null> {
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

/** Names of authorities have no character that RFC 4514 escapes: the schema of the policy sees to it. */
function dnOf(rdns: readonly string[]): string {
  return rdns.join(',');
}

function attributeOf(rdn: string): Attribute {
  const at = rdn.indexOf('=');
  return new Attribute({ type: rdn.slice(0, at), values: [rdn.slice(at + 1)] });
}

async function* once(value: Bytes): AsyncGenerator<Bytes, void, undefined> {
  yield value;
}

async function collect(chunks: AsyncIterable<Bytes>): Promise<Buffer> {
  const parts: Bytes[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}
