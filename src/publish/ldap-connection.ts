/** A visit to an LDAP server (RFC 4511), and what can go wrong with it. Never waits longer than its limits. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { type BerWriter, Client, Control, EqualityFilter, ResultCodeError } from 'ldapts';
import { SECOND_MS } from '../kernel/duration.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { OutletFailure } from '../ports/outlet.js';

export type LdapServer = {
  /** `ldap://host`, `ldaps://host:port`. */
  readonly url: string;
  /** null: nobody in particular, as relying parties. */
  readonly bind: { readonly dn: string; readonly password: () => Result<string, string> } | null;
  /** PEM file with the authorities that vouch for the server; null: the connection is not encrypted. */
  readonly tls: { readonly ca: string; readonly startTls: boolean } | null;
};

const CONNECT_MS_MAX = 10 * SECOND_MS;
/** Of one operation: a list of a million entries on a slow line. */
const OPERATION_MS_MAX = 120 * SECOND_MS;

export const LDAP_RESULT = {
  unavailableCriticalExtension: 12,
  noSuchObject: 32,
  alreadyExists: 68,
  assertionFailed: 122,
} as const;

/** Connected and known to the server. The caller ends it with `leave`. */
export async function visit({ url, bind, tls }: LdapServer): Promise<Result<Client, OutletFailure>> {
  return reachingLdap(url, async () => {
    const tlsOptions = tls === null ? null : { ca: readFileSync(tls.ca), minVersion: 'TLSv1.2' as const };
    const client = new Client({
      ...{ url, timeout: OPERATION_MS_MAX, connectTimeout: CONNECT_MS_MAX, strictDN: false },
      ...(tlsOptions !== null && url.startsWith('ldaps:') ? { tlsOptions } : {}),
    });
    try {
      if (tlsOptions !== null && tls?.startTls === true) await client.startTLS(secured(tlsOptions, url));
      if (bind !== null) {
        const password = bind.password();
        if (!password.ok) throw new Unreachable(password.error);
        await client.bind(bind.dn, password.value);
      }
      return client;
    } catch (error) {
      await leave(client);
      throw error;
    }
  });
}

/** The name that the server's certificate is held to; an address is no name (RFC 6066 3). */
function secured<Options extends object>(options: Options, url: string): Options & { readonly host: string } {
  const { hostname } = new URL(url);
  return { ...options, host: hostname, ...(isIP(hostname) === 0 ? { servername: hostname } : {}) };
}

export async function leave(client: Client): Promise<void> {
  await client.unbind().catch(() => undefined);
}

class Unreachable extends Error {}

/** Whatever a server or a network says is a value; `url` stands before it. */
export async function reachingLdap<Value>(
  url: string,
  work: () => Promise<Value>,
): Promise<Result<Value, OutletFailure>> {
  try {
    return ok(await work());
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError) throw error;
    // ldapts gives result codes names, sockets have codes; a server's own words are short and say no secrets.
    const code = error instanceof ResultCodeError ? `${error.name} (${error.code}): ` : '';
    return err({ kind: 'outlet-unavailable', detail: `${url}: ${code}${error.message}`.slice(0, 500) });
  }
}

export function hasResultCode(error: unknown, code: number): boolean {
  return error instanceof ResultCodeError && error.code === code;
}

/** RFC 4528: the operation is done only while this is so. */
export class AssertionControl extends Control {
  static readonly type = '1.3.6.1.1.12';
  readonly #filter: EqualityFilter;
  constructor(attribute: string, value: string) {
    super(AssertionControl.type, { critical: true });
    this.#filter = new EqualityFilter({ attribute, value });
  }
  protected override writeControl(writer: BerWriter): void {
    // The value of a control is an OCTET STRING (RFC 4511 4.1.11) that holds the filter.
    writer.startSequence(0x04);
    this.#filter.write(writer);
    writer.endSequence();
  }
}
