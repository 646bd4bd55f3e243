/** Connections to an LDAP server (RFC 4511), with time limits and failures as values. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { type BerWriter, Client, Control, EqualityFilter, ResultCodeError } from 'ldapts';
import { SECOND_MS } from '../kernel/duration.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { OutletFailure } from '../ports/outlet.js';

export type LdapServer = {
  /** `ldap://host`, `ldaps://host:port`. */
  readonly url: string;
  /** null: anonymous, like relying parties. */
  readonly bind: { readonly dn: string; readonly password: () => Result<string, string> } | null;
  /**
   * PEM file with the CAs that may issue the server certificate; null: those of Node for
   * `ldaps://`, and no encryption for `ldap://`.
   */
  readonly tls: { readonly ca: string; readonly startTls: boolean } | null;
};

const CONNECT_MS_MAX = 10 * SECOND_MS;
/** Limit of one operation; enough for a CRL of a million entries over a slow network. */
const OPERATION_MS_MAX = 120 * SECOND_MS;

export const LDAP_RESULT = {
  unavailableCriticalExtension: 12,
  noSuchObject: 32,
  alreadyExists: 68,
  assertionFailed: 122,
} as const;

/** Connects and authenticates. The caller closes the connection with `disconnect`. */
export async function connect({ url, bind, tls }: LdapServer): Promise<Result<Client, OutletFailure>> {
  return tryLdap(url, async () => {
    const tlsOptions = tls === null ? null : { ca: readFileSync(tls.ca), minVersion: 'TLSv1.2' as const };
    const client = new Client({
      url,
      timeout: OPERATION_MS_MAX,
      connectTimeout: CONNECT_MS_MAX,
      strictDN: false,
      ...(tlsOptions !== null && url.startsWith('ldaps:') ? { tlsOptions } : {}),
    });
    try {
      if (tlsOptions !== null && tls?.startTls === true) await client.startTLS(withServerName(tlsOptions, url));
      if (bind !== null) {
        const password = bind.password();
        if (!password.ok) throw new ConnectionFailed(password.error);
        await client.bind(bind.dn, password.value);
      }
      return client;
    } catch (error) {
      await disconnect(client);
      throw error;
    }
  });
}

/**
 * Adds the name that the server certificate must have; an IP address is not sent as a name (RFC
 * 6066 3).
 */
function withServerName<Options extends object>(options: Options, url: string): Options & { readonly host: string } {
  const { hostname } = new URL(url);
  return { ...options, host: hostname, ...(isIP(hostname) === 0 ? { servername: hostname } : {}) };
}

export async function disconnect(client: Client): Promise<void> {
  await client.unbind().catch(() => undefined);
}

class ConnectionFailed extends Error {}

/** Returns errors of the server and of the network as values, prefixed by `url`. */
export async function tryLdap<Value>(url: string, work: () => Promise<Value>): Promise<Result<Value, OutletFailure>> {
  try {
    return ok(await work());
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError) throw error;
    // The message of a server is short and contains no secrets.
    const code = error instanceof ResultCodeError ? `${error.name} (${error.code}): ` : '';
    return err({ kind: 'outlet-unavailable', detail: `${url}: ${code}${error.message}`.slice(0, 500) });
  }
}

export function hasResultCode(error: unknown, code: number): boolean {
  return error instanceof ResultCodeError && error.code === code;
}

/** RFC 4528: the server executes the operation only if this assertion is true. */
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
