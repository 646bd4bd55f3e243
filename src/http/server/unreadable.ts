/**
 * Answers input that the HTTP parser rejects with a problem document, where Node would send a
 * status line without a body. Its header fields are not known, so the answer is in English.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type HttpFailure, problemOf } from '../api/problems.js';
import type { RequestTrail } from '../trail/request-trail.js';
import { closeAfterLastAnswer } from './last-answer.js';
import type { HttpServer } from './listening.js';

/** The failures by the error codes of Node's parser; any other error is a malformed request. */
const FAILURES: Readonly<Record<string, HttpFailure>> = {
  HPE_HEADER_OVERFLOW: { kind: 'headers-too-large' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { kind: 'headers-too-large' },
  ERR_HTTP_REQUEST_TIMEOUT: { kind: 'body-too-slow' },
};

export function answerMalformedRequests(server: HttpServer, trail: RequestTrail): void {
  const answered = new WeakSet<Duplex>();
  // A response before the end of the handshake would never be sent, and the connection would stay
  // open.
  server.prependListener('tlsClientError', (_error: Error, socket: Duplex) => socket.destroy());
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // What the client sends after the answer is malformed as well.
    if (answered.has(socket)) return;
    // The client has left, or is being sent a response, which must not be mixed with another one.
    if (!socket.writable || error.code === 'ECONNRESET' || isResponding(socket)) {
      socket.destroy();
      return;
    }
    answered.add(socket);
    const answer = answerTo(FAILURES[error.code ?? ''] ?? { kind: 'not-http' }, trail);
    const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const { status, reason, body, leaveTrace } = answer;
    leaveTrace(addressOf(socket));
    socket.write(`HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}\r\n${body}`);
    closeAfterLastAnswer(socket);
  });
  // The API refuses these requests as it refuses others.
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    server.emit('request', request, response);
  });
}

/**
 * Node stores the current response in this property of the socket; its own `clientError` handler
 * reads it.
 */
function isResponding(socket: Duplex & { readonly _httpMessage?: ServerResponse | null }): boolean {
  return socket._httpMessage?.headersSent === true;
}

function addressOf(socket: Duplex & { readonly remoteAddress?: string | undefined }): string | null {
  return socket.remoteAddress ?? null;
}

function answerTo(failure: HttpFailure, trail: RequestTrail) {
  const requestId = trail.newRequestId();
  const { problem, headers: ofProblem } = problemOf(failure, { requestId, language: 'en' });
  const body = JSON.stringify(problem);
  const bytes = Buffer.byteLength(body);
  const headers = {
    ...ofProblem,
    'content-type': 'application/problem+json',
    'content-length': String(bytes),
    'cache-control': 'no-store',
    'x-request-id': requestId,
    connection: 'close',
  };
  const leaveTrace = (address: string | null): void => {
    const { status, code } = problem;
    const unknown = { requestId, address, route: null, accountId: null };
    trail.logAnswer({ ...unknown, method: null, status, code, durationMs: null, bytes, isComplete: true });
    void trail.recordRefusal({ ...unknown, failure, certificateSha256: null, subjectId: null });
  };
  return { status: problem.status, reason: problem.title, headers, body, leaveTrace };
}
