/**
 * A client of the API over mutual TLS, which validates every answer against the service's own
 * OpenAPI document.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import type { ServiceHome } from './home.js';
import type { OpenApiDocument, ResponseJudge } from './schema.js';
import type { Service } from './service.js';

export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code: string;
  readonly rule?: string;
  readonly requestId: string;
  readonly violations?: readonly { readonly pointer: string; readonly rule: string; readonly message: string }[];
};

/** A certificate as the contract shows it. */
export type IssuedCertificate = {
  readonly id: string;
  readonly profile: string;
  readonly ca: string;
  readonly serialNumber: string;
  readonly status: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly certificate: string;
  readonly chain: string;
  readonly holder: { readonly idNat?: string };
  readonly card: { readonly tokenId: string } | null;
  readonly renews: string | null;
  readonly revocation: { readonly at: string; readonly reason: string; readonly invalidityDate: string | null } | null;
};

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed JSON, a list of NDJSON's lines, or the text where it is neither. */
  readonly body: unknown;
};

export type SentRequest = {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is; with `type` as its content type, none where that is absent. */
  readonly raw?: string | Buffer;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Client = {
  readonly call: (method: Method, path: string, sent?: SentRequest) => Promise<Answer>;
  /** 201 or 200, or the test fails. */
  readonly expect: <Body>(method: Method, path: string, sent?: SentRequest) => Promise<Body>;
  readonly close: () => Promise<void>;
};
type Method = 'GET' | 'POST' | 'DELETE' | 'PUT' | 'PATCH';

/** PEM certificate and key; null: a client that presents none. */
export type ClientCredential = { readonly certificate: string; readonly key: string } | null;

export type ClientOptions = {
  readonly url: string;
  /** PEM of the root that the server's certificate ends at. */
  readonly trust: string;
  readonly credential: ClientCredential;
  readonly connectionsMax?: number;
  /** The name in the server's certificate. Default: the host of `url`. */
  readonly serverName?: string;
  /** null: answers are taken as they come. */
  readonly judge: ResponseJudge | null;
  readonly onRefused?: (refused: RefusedAnswer) => void;
};

/** A request that was not answered with success. */
export type RefusedAnswer = {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
};

export function createClient(options: ClientOptions): Client {
  const { url, trust, credential, connectionsMax = 16, serverName, judge, onRefused } = options;
  const agent = createAgent({ trust, credential, connectionsMax, serverName });

  const call: Client['call'] = async (method, path, sent = {}) => {
    const payload = sent.raw ?? (sent.body === undefined ? null : JSON.stringify(sent.body));
    const type = sent.type ?? (sent.body === undefined ? undefined : 'application/json');
    const headers = { ...(type === undefined ? {} : { 'content-type': type }), ...sent.headers };
    const answer = await request(`${url}${path}`, { dispatcher: agent, method, headers, body: payload });
    const text = await answer.body.text();
    const contentType = String(answer.headers['content-type'] ?? '');
    const body = parsed(contentType, text);
    const requestId = String(answer.headers['x-request-id']);
    assert.match(requestId, /^[0-9a-f-]{36}$/, `${method} ${path} has no request id`);
    // A text in both languages that was written into another text.
    assert.ok(!text.includes('[object Object]'), `${method} ${path} -> ${text}`);
    if (answer.statusCode >= 400) {
      assert.equal((body as Problem).requestId, requestId);
      onRefused?.({ method, path, status: answer.statusCode, code: (body as Problem).code, requestId });
    }
    judge?.check({ method, path, status: answer.statusCode, contentType, body });
    return { status: answer.statusCode, headers: answer.headers, body };
  };

  return {
    call,
    async expect<Body>(method: Method, path: string, sent?: SentRequest): Promise<Body> {
      const answer = await call(method, path, sent);
      assert.ok(answer.status < 300, `${method} ${path} -> ${answer.status} ${JSON.stringify(answer.body)}`);
      // The document's schema has been checked where there is a judge.
      return answer.body as Body;
    },
    close: () => agent.destroy(),
  };
}

type AgentOptions = Pick<ClientOptions, 'trust' | 'credential'> & {
  readonly connectionsMax: number;
  readonly serverName: string | undefined;
};

/**
 * Options of undici for every client of the API in tests, so that tests pass on a busy machine
 * too. `connectTimeout`: there, many clients at once wait longer for their handshakes than the ten
 * seconds that undici allows. `keepAliveMaxTimeout`: undici counts the ticks of its event loop and
 * not the time, so a process that starts programs synchronously keeps idle connections too long. It
 * could use one that the service closes at the same moment, after 65 s.
 */
export const PATIENT_CONNECTIONS = { connectTimeout: 60_000, keepAliveMaxTimeout: 10_000 } as const;

function createAgent({ trust, credential, connectionsMax, serverName }: AgentOptions): Agent {
  return new Agent({
    ...PATIENT_CONNECTIONS,
    connections: connectionsMax,
    pipelining: 1,
    headersTimeout: 60_000,
    connect: {
      ca: trust,
      ...(serverName === undefined ? {} : { servername: serverName }),
      ...(credential === null ? {} : { cert: credential.certificate, key: credential.key }),
    },
  });
}

/** What a test sends streamed requests of a development account through. */
export function agentOf({ at }: Pick<Service, 'at'>, account: string): Agent {
  const credential = credentialOf(at, account);
  return createAgent({ trust: trustOf(at), credential, connectionsMax: 2, serverName: undefined });
}

/** Parses a body; NDJSON gives a list. */
function parsed(contentType: string, text: string): unknown {
  if (contentType.startsWith('application/x-ndjson'))
    return text.split('\n').flatMap((line): unknown[] => (line === '' ? [] : [JSON.parse(line)]));
  return contentType.includes('json') ? JSON.parse(text) : text;
}

/** A client of a running service with the certificate of a development account. */
export function clientOf(
  { at, urls }: Pick<Service, 'at' | 'urls'>,
  account: string,
  options: Partial<Pick<ClientOptions, 'connectionsMax' | 'judge' | 'onRefused'>> = {},
): Client {
  return createClient({
    url: urls.api,
    trust: trustOf(at),
    credential: credentialOf(at, account),
    judge: null,
    ...(at.host === undefined ? {} : { serverName: 'localhost' }),
    ...options,
  });
}

/** The credential of a development account, from the home folder. */
export function credentialOf({ home }: ServiceHome, name: string): NonNullable<ClientCredential> {
  const read = (ending: string): string => readFileSync(join(home, 'credentials', `${name}.${ending}.pem`), 'utf8');
  return { certificate: read('crt'), key: read('key') };
}

export function trustOf({ home }: ServiceHome): string {
  return readFileSync(join(home, 'credentials', 'tls-ca.pem'), 'utf8');
}

export async function fetchOpenApi(url: string, trust: string): Promise<OpenApiDocument> {
  const client = createClient({ url, trust, credential: null, judge: null });
  try {
    return await client.expect<OpenApiDocument>('GET', '/openapi.json');
  } finally {
    await client.close();
  }
}

/**
 * Holds an answer to the contract: status, stable code, and where asked a violation's pointer and
 * rule.
 */
export function assertProblem(
  answer: Answer,
  expected: { readonly status: number; readonly code: string; readonly pointer?: string; readonly rule?: string },
): Problem {
  const problem = answer.body as Problem;
  const shown = JSON.stringify(problem);
  assert.equal(answer.status, expected.status, shown);
  assert.equal(problem.status, expected.status, shown);
  assert.equal(problem.code, expected.code, shown);
  const { pointer, rule } = expected;
  if (pointer !== undefined || rule !== undefined) {
    const found = problem.violations?.some(
      (one) => (pointer === undefined || one.pointer === pointer) && (rule === undefined || one.rule === rule),
    );
    assert.ok(found, `no violation ${rule ?? ''} at ${pointer ?? 'any place'} in ${shown}`);
  }
  return problem;
}
