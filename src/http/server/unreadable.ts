/**
 * Answers input that the HTTP parser rejects, and unknown Expect header fields, with a problem
 * document. Node would send a status line without a body.
 */
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type HttpFailure, problemOf } from '../api/problems.js';
import { closeAfterLastAnswer } from './last-answer.js';
import type { HttpServer } from './listening.js';

/** By the error codes of Node's parser; any other error means a malformed request. */
const FAILURES: Readonly<Record<string, HttpFailure>> = {
  HPE_HEADER_OVERFLOW: { kind: 'headers-too-large' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { kind: 'headers-too-large' },
  ERR_HTTP_REQUEST_TIMEOUT: { kind: 'body-too-slow' },
};

export function answerMalformedRequests(server: HttpServer): void {
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
    socket.write(rawAnswer(FAILURES[error.code ?? ''] ?? { kind: 'not-http' }));
    closeAfterLastAnswer(socket);
  });
  server.on('checkExpectation', (_request: unknown, response: ServerResponse) => {
    const { status, headers, body } = answerOf({ kind: 'expectation-failed' });
    response.writeHead(status, headers).end(body);
  });
}

/**
 * Node stores the current response in this property of the socket; its own `clientError` handler
 * reads it.
 */
function isResponding(socket: Duplex & { readonly _httpMessage?: ServerResponse | null }): boolean {
  return socket._httpMessage?.headersSent === true;
}

function answerOf(failure: HttpFailure) {
  const { problem } = problemOf(failure);
  const body = JSON.stringify(problem);
  const headers = {
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    connection: 'close',
  };
  return { status: problem.status, reason: problem.title, headers, body };
}

function rawAnswer(failure: HttpFailure): string {
  const { status, reason, headers, body } = answerOf(failure);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}\r\n${body}`;
}
