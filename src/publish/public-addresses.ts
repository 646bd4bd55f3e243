/**
 * Downloads from an address in a certificate as relying parties do: over HTTP, or from LDAP (RFC
 * 4516).
 */
import { type Bytes, concat } from '../kernel/bytes.js';
import { MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { OutletFailure } from '../ports/outlet.js';
import { connect, disconnect, tryLdap } from './ldap-connection.js';
import { once, valuesOf } from './ldap-entry.js';

const FETCH_MS_MAX = 5 * MINUTE_MS;
/** A process that stops may wait for this answer, and systemd kills it after 30 s. */
const PUBLIC_ANSWER_MS_MAX = 10 * SECOND_MS;

/** Returns a stream of the content. If the transfer fails later, reading the stream throws. */
export async function fetchPublic(address: string): Promise<Result<AsyncIterable<Bytes>, OutletFailure>> {
  return address.startsWith('ldap') ? fetchLdap(address) : fetchHttp(address, { answerMsMax: PUBLIC_ANSWER_MS_MAX });
}

type FetchDeadlines = {
  /** Time until the answer begins. */
  readonly answerMsMax: number;
  /** Time until it ends; a long list may take minutes. */
  readonly wholeMsMax?: number;
};

export async function fetchHttp(
  address: string,
  { answerMsMax, wholeMsMax = FETCH_MS_MAX }: FetchDeadlines,
): Promise<Result<AsyncIterable<Bytes>, OutletFailure>> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(`no answer within ${answerMsMax} ms`), answerMsMax);
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(wholeMsMax), silence.signal]);
    const answer = await fetch(address, { redirect: 'error', signal });
    if (answer.status !== 200 || answer.body === null) {
      await answer.body?.cancel();
      return unavailable(`${address}: HTTP ${answer.status}`);
    }
    return ok(answer.body as AsyncIterable<Bytes>);
  } catch (error) {
    const { cause } = error as { readonly cause?: unknown };
    return unavailable(`${address}: ${cause instanceof Error ? cause.message : String(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Throws where there are more bytes than `bytesMax`, and where the transfer fails. */
export async function collectBytes(chunks: AsyncIterable<Bytes>, bytesMax: number): Promise<Bytes> {
  const parts: Bytes[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > bytesMax) throw new Error('more bytes than a certificate or a response has');
    parts.push(chunk);
  }
  return concat(parts);
}

type LdapAddress = {
  readonly server: string;
  readonly dn: string;
  readonly attribute: string;
  readonly scope: 'base' | 'one' | 'sub';
  readonly filter: string;
};

/** RFC 4516 2: `ldap://host/dn?attributes?scope?filter` with one attribute; null: another form. */
function parseLdapAddress(address: string): LdapAddress | null {
  const match = /^(ldaps?:\/\/[^/?]+)\/([^?]*)\?([^?,]+)\?(base|one|sub)?\??([^?]*)$/i.exec(address);
  if (match === null) return null;
  const [, server = '', dn = '', attribute = '', scope = 'base', filter = ''] = match;
  try {
    const decoded = decodeURIComponent(filter);
    return {
      server,
      dn: decodeURIComponent(dn),
      attribute: decodeURIComponent(attribute),
      scope: scope.toLowerCase() as LdapAddress['scope'],
      filter: decoded === '' ? '(objectClass=*)' : decoded.startsWith('(') ? decoded : `(${decoded})`,
    };
  } catch {
    return null;
  }
}

async function fetchLdap(address: string): Promise<Result<AsyncIterable<Bytes>, OutletFailure>> {
  const parsed = parseLdapAddress(address);
  if (parsed === null) return unavailable(`${address}: not an LDAP URL with one attribute (RFC 4516)`);
  const { server, dn, attribute, scope, filter } = parsed;
  // The connection is anonymous, and encrypted only if the address is `ldaps://`.
  const client = await connect({ url: server, bind: null, tls: null });
  if (!client.ok) return client;
  try {
    const found = await tryLdap(server, () => client.value.search(dn, { scope, filter, attributes: [attribute] }));
    if (!found.ok) return found;
    const [entry] = found.value.searchEntries;
    const [value] = entry === undefined ? [] : valuesOf(entry, attribute);
    return Buffer.isBuffer(value) ? ok(once(value)) : unavailable(`${address}: no value found`);
  } finally {
    await disconnect(client.value);
  }
}

function unavailable(detail: string): Result<never, OutletFailure> {
  return err({ kind: 'outlet-unavailable', detail: detail.slice(0, 500) });
}
