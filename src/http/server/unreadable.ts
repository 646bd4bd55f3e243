/**
 * Answers input that the HTTP parser rejects with a problem document; Node would send a status line
 * without a body. The header fields of such input are not known, so the answer is in English. HTTP
 * without TLS on the TLS port is answered too; Node would close the connection without an answer.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Language } from '../../kernel/bilingual.js';
import { type HttpFailure, PROBLEMS, problemOf } from '../api/problems.js';
import type { RequestTrail } from '../trail/request-trail.js';
import type { RefusePlain } from './handshakes.js';
import { closeAfterLastAnswer } from './last-answer.js';
import type { HttpServer } from './listening.js';
import { preferredLanguage } from './preferred-language.js';

/**
 * The failures by the error codes of Node: of its HTTP parser, and of its timeout for requests. Any
 * other code means a malformed request.
 */
const FAILURES: Readonly<Record<string, HttpFailure>> = {
  HPE_HEADER_OVERFLOW: { kind: 'headers-too-large' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { kind: 'headers-too-large' },
  ERR_HTTP_REQUEST_TIMEOUT: { kind: 'body-too-slow' },
};

/** Adds the answers to malformed requests to a server, and records them in the trail. */
export function answerMalformedRequests(server: HttpServer, trail: RequestTrail): void {
  const answered = new WeakSet<Duplex>();
  // During the handshake no response can be sent, and a connection whose handshake has failed would
  // stay open.
  server.prependListener('tlsClientError', (_error: Error, socket: Duplex) => socket.destroy());
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // After the first malformed bytes, everything that the client sends is reported as malformed
    // too. It is answered once.
    if (answered.has(socket)) return;
    // No answer can be sent: the client has left, or another response is being sent, with which it
    // must not be mixed.
    if (!socket.writable || error.code === 'ECONNRESET' || isResponding(socket)) {
      socket.destroy();
      return;
    }
    answered.add(socket);
    answerAndClose(socket, { trail, failure: FAILURES[error.code ?? ''] ?? { kind: 'not-http' }, language: 'en' });
  });
  // A request with another expectation than 100-continue is handled like any other; `app.ts`
  // refuses it.
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    server.emit('request', request, response);
  });
}

/** Finds Accept-Language in the first bytes of a request without TLS. */
const ACCEPT_LANGUAGE = /^accept-language:(.*)$/im;
const HEAD_BYTES_MAX = 16 * 1024;

/** Returns the function that answers HTTP without TLS, for `beginHandshakesInTurn`. */
export function refusePlainHttp(trail: RequestTrail): RefusePlain {
  return (socket, octets) => {
    const [, accepted = ''] = ACCEPT_LANGUAGE.exec(octets.toString('latin1', 0, HEAD_BYTES_MAX)) ?? [];
    answerAndClose(socket, { trail, failure: { kind: 'plain-http' }, language: preferredLanguage(accepted, 'en') });
  };
}

type Refusal = { readonly trail: RequestTrail; readonly failure: HttpFailure; readonly language: Language };

function answerAndClose(socket: Duplex, refusal: Refusal): void {
  const { status, reason, headers, body, recordAnswer } = answerTo(refusal);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const answer = Buffer.from(`HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}\r\n${body}`);
  recordAnswer(addressOf(socket), answer.length);
  socket.write(answer);
  closeAfterLastAnswer(socket);
}

/**
 * Whether a response is being sent on the socket. Node stores the current response in the property
 * `_httpMessage`; its own `clientError` handler reads it too.
 */
function isResponding(socket: Duplex & { readonly _httpMessage?: ServerResponse | null }): boolean {
  return socket._httpMessage?.headersSent === true;
}

function addressOf(socket: Duplex & { readonly remoteAddress?: string | undefined }): string | null {
  return socket.remoteAddress ?? null;
}

function answerTo({ trail, failure, language }: Refusal) {
  const requestId = trail.newRequestId();
  const { problem, headers: ofProblem } = problemOf(failure, { requestId, language });
  const body = JSON.stringify(problem);
  const headers = {
    ...ofProblem,
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    'x-request-id': requestId,
    connection: 'close',
  };
  const recordAnswer = (address: string | null, bytes: number): void => {
    const { status, code } = problem;
    const unknown = { requestId, address, route: null, accountId: null };
    trail.logAnswer({ ...unknown, method: null, status, code, durationMs: null, bytes, isComplete: true });
    void trail.recordRefusal({ ...unknown, failure, certificateSha256: null, subjectId: null });
  };
  return { status: problem.status, reason: PROBLEMS[failure.kind].title.en, headers, body, recordAnswer };
}
