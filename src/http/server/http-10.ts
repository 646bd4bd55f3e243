/**
 * Makes the status line say HTTP/1.0 to a client that sends HTTP/1.0, as RFC 9110 2.5 allows. Node
 * always writes HTTP/1.1, which the libest package of Debian (an EST client) rejects.
 */
import type { Exchange } from './exchange.js';

const STATUS_LINE_START = /^HTTP\/1\.1(?= )/;

/**
 * Replaces the version in the status line. It must be called before the head of the response is
 * written.
 */
export function answerInVersionOf({ request, response }: Exchange): void {
  const { socket } = response;
  if (request.httpVersion !== '1.0' || socket === null) return;
  const write = socket.write;
  // The first write has the head as a string, alone or followed by the body.
  socket.write = function writeHead(this: typeof socket, ...sent: readonly unknown[]): boolean {
    socket.write = write;
    const [head, ...rest] = sent;
    const written = typeof head === 'string' ? head.replace(STATUS_LINE_START, 'HTTP/1.0') : head;
    return Reflect.apply(write, this, [written, ...rest]);
  };
}
