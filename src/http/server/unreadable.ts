/**
 * Requests that never become one: what the HTTP parser refuses, and expectations nobody meets. Node would answer with a bare
 * status line; a client of the API gets a problem document here too.
 */
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type HttpFailure, problemOf } from '../api/problems.js';
import type { HttpServer } from './listening.js';

/** By the codes of Node's parser; whatever else it refuses is malformed. */
const FAILURES: Readonly<Record<string, HttpFailure>> = {
  HPE_HEADER_OVERFLOW: { kind: 'headers-too-large' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { kind: 'headers-too-large' },
  ERR_HTTP_REQUEST_TIMEOUT: { kind: 'body-too-slow' },
};

export function answerUnreadable(server: HttpServer): void {
  // Nothing can be said before the handshake: an answer would wait for its end for ever, and the connection with it.
  server.prependListener('tlsClientError', (_error: Error, socket: Duplex) => socket.destroy());
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // Gone, or in the middle of an answer, which nothing may be written into.
    if (!socket.writable || error.code === 'ECONNRESET' || hasAnswerUnderWay(socket)) {
      socket.destroy();
      return;
    }
    socket.end(rawAnswer(FAILURES[error.code ?? ''] ?? { kind: 'not-http' }));
  });
  server.on('checkExpectation', (_request: unknown, response: ServerResponse) => {
    const { status, headers, body } = answerOf({ kind: 'expectation-failed' });
    response.writeHead(status, headers).end(body);
  });
}

/** Node keeps the response of a connection in this member of the socket, as its own handler of this event asks it. */
function hasAnswerUnderWay(socket: Duplex & { readonly _httpMessage?: ServerResponse | null }): boolean {
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
