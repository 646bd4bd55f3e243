/**
 * Answers a client of HTTP/1.0 by HTTP/1.0, as RFC 9110 2.5 allows: the libest of Debian accepts no
 * other status line. Node writes HTTP/1.1 into each of them.
 */
import type { Exchange } from './exchange.js';

const STATUS_LINE_START = /^HTTP\/1\.1(?= )/;

/** Must be called before the head of the response is written. */
export function answerInVersionOf({ request, response }: Exchange): void {
  const { socket } = response;
  if (request.httpVersion !== '1.0' || socket === null) return;
  const write = socket.write;
  // The head is the first that is written, as a string, alone or with the body behind it.
  socket.write = function writeHead(this: typeof socket, ...sent: readonly unknown[]): boolean {
    socket.write = write;
    const [head, ...rest] = sent;
    const written = typeof head === 'string' ? head.replace(STATUS_LINE_START, 'HTTP/1.0') : head;
    return Reflect.apply(write, this, [written, ...rest]);
  };
}
