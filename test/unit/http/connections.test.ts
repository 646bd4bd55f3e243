/**
 * How the API divides its connections. Without it, anybody who can open connections could take all
 * of them, and officers could not revoke.
 */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { networkOf } from '../../../src/access/networks.js';
import { type ConnectionLimiter, createConnectionLimiter } from '../../../src/http/server/connections.js';
import { createApiServer } from '../../../src/http/server/tls.js';
import { NO_TRAIL } from '../../support/service/no-trail.js';
import { serverCertificate } from '../../support/service/own-certificates.js';

const IGNORED = { onCountChanged: () => undefined, onClosed: () => undefined };
const OFFICER = { account: 'officer-1', isOfficer: true };
const CARDS = { account: 'cards', isOfficer: false };
const HOUR_MS = 3_600_000;
/** No test waits for these deadlines. */
const PATIENT = { handshakeMs: HOUR_MS, headersMs: HOUR_MS, checkMs: 20 };

/** A connection of which only the endpoint matters. */
class FakeSocket extends EventEmitter {
  destroyed = false;
  readonly remoteAddress: string;
  readonly remotePort: number;

  constructor(address: string, port: number) {
    super();
    this.remoteAddress = address;
    this.remotePort = port;
  }
  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

let port = 0;
function arrive(connections: ConnectionLimiter, address: string): TLSSocket {
  port += 1;
  const socket = new FakeSocket(address, port) as unknown as TLSSocket;
  connections.add(socket, address);
  return socket;
}

describe('the connections of the API', () => {
  it('replace the oldest connection of the same address that has not authenticated', () => {
    const connections = createConnectionLimiter(64, IGNORED);
    const honest = arrive(connections, '10.0.0.1');
    const others = Array.from({ length: 40 }, () => arrive(connections, '10.0.0.2'));
    assert.equal(honest.destroyed, false);
    assert.equal(others.filter(({ destroyed }) => !destroyed).length, 16);
    assert.ok(others.slice(-16).every(({ destroyed }) => !destroyed));
  });

  it('replace the oldest of all if many addresses connect, and always accept a new one', () => {
    const connections = createConnectionLimiter(64, IGNORED);
    const all = Array.from({ length: 100 }, (_, at) => arrive(connections, `10.0.0.${at}`));
    assert.equal(all.filter(({ destroyed }) => !destroyed).length, 24);
    assert.equal(all.at(-1)?.destroyed, false);
  });

  it('have few places for clients without a certificate, which an account leaves when it authenticates', () => {
    const connections = createConnectionLimiter(64, IGNORED);
    const all = Array.from({ length: 10 }, (_, at) => arrive(connections, `10.0.0.${at}`));
    for (const socket of all) connections.markAnonymous(socket);
    assert.equal(all.filter(({ destroyed }) => !destroyed).length, 4);
    const [last] = all.slice(-1);
    assert.ok(last);
    assert.equal(connections.isAdmitted(last), false);
    assert.equal(connections.admit(last, CARDS), true);
    assert.equal(connections.isAdmitted(last), true);
  });

  it('of accounts are never replaced; beyond its share an account is refused, and others are not', () => {
    const connections = createConnectionLimiter(64, IGNORED);
    const open = (client: typeof CARDS): boolean => connections.admit(arrive(connections, '10.0.0.1'), client);
    const first = arrive(connections, '10.0.0.1');
    assert.equal(connections.admit(first, CARDS), true);
    for (let count = 1; count < 24; count += 1) assert.equal(open(CARDS), true);
    assert.equal(open(CARDS), false);
    for (let count = 0; count < 10; count += 1) assert.equal(open({ account: 'other', isOfficer: false }), true);
    // The last places are for officers.
    assert.equal(open({ account: 'third', isOfficer: false }), false);
    const officer = arrive(connections, '10.0.0.1');
    assert.equal(connections.admit(officer, OFFICER), true);
    for (let count = 0; count < 100; count += 1) arrive(connections, '10.0.0.1');
    assert.equal(first.destroyed, false);
    for (const socket of [first, officer]) socket.destroy();
    assert.equal(open(CARDS), true, 'a closed connection gives its place back');
  });

  it('count the addresses that one client can choose from as one', () => {
    assert.equal(networkOf('192.0.2.1'), '192.0.2.1');
    assert.equal(networkOf('::ffff:192.0.2.1'), '192.0.2.1');
    for (const address of ['2001:db8:0:1::1', '2001:db8:0:1:ffff:ffff:ffff:ffff', '2001:db8::1:0:0:0:7'])
      assert.equal(networkOf(address), '2001:db8:0:1');
    assert.equal(networkOf('::1'), '0:0:0:0');
  });
});

describe('a connection to the API server', () => {
  const { certificate, key } = serverCertificate();
  const connections = createConnectionLimiter(64, IGNORED);
  const serverWith = (deadlines: typeof PATIENT) =>
    createApiServer(
      ({ socket, url }, response) => {
        const isAccount = url === '/account';
        if (isAccount) connections.admit(socket as TLSSocket, OFFICER);
        if (!connections.isAdmitted(socket as TLSSocket)) response.setHeader('connection', 'close');
        response.end('answer');
      },
      { certificate, key, authorities: [], deadlines },
      { connections, trail: NO_TRAIL },
    );
  const patient = serverWith(PATIENT);
  const impatient = serverWith({ ...PATIENT, headersMs: 50 });
  const sockets: Socket[] = [];

  before(async () => {
    for (const server of [patient, impatient]) await once(server.listen(0), 'listening');
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });
  after(() => {
    for (const server of [patient, impatient]) server.close();
  });

  const portOf = (server = patient): number => (server.address() as AddressInfo).port;
  const keep = <Kind extends Socket>(socket: Kind): Kind => {
    sockets.push(socket.on('error', () => undefined));
    return socket;
  };
  /** A TLS client that keeps its side open whatever the server does. */
  const open = async (options: ConnectionOptions = {}): Promise<TLSSocket> => {
    const halfOpen = { allowHalfOpen: true, ...options };
    const socket = connect({ port: portOf(), ...halfOpen, host: '127.0.0.1', rejectUnauthorized: false });
    keep(socket);
    await once(socket, 'secureConnect');
    return socket;
  };
  const ask = async (socket: TLSSocket, path: string): Promise<string> => {
    socket.write(`GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString('latin1');
  };
  const closed = (socket: Socket): Promise<unknown> =>
    socket.destroyed ? Promise.resolve() : new Promise((resolve) => socket.once('close', resolve));

  it('is answered, however many others never finish their handshake', async () => {
    const account = await open();
    assert.match(await ask(account, '/account'), /^HTTP\/1\.1 200 /);
    const silent = Array.from({ length: 60 }, () => keep(connectTcp({ port: portOf(), host: '127.0.0.1' })));
    await Promise.all(silent.map((socket) => once(socket, 'connect')));
    const [hello] = silent;
    hello?.write(Buffer.from('160301', 'hex'));
    assert.match(await ask(await open(), '/'), /^HTTP\/1\.1 200 /);
    assert.match(await ask(account, '/account'), /^HTTP\/1\.1 200 /);
  });

  it('is closed after the first answer if its client has no account, also if the client keeps it open', async () => {
    const socket = await open();
    assert.match(await ask(socket, '/'), /connection: close/i);
    const dripping = setInterval(() => socket.write('x'), 10);
    await closed(socket);
    clearInterval(dripping);
  });

  it('is cut off after 408, also if its client goes on sending', async () => {
    const socket = await open({ port: portOf(impatient) });
    socket.write('GET / HTTP/1.1\r\n');
    const dripping = setInterval(() => socket.write('x'), 10);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    assert.match(answer.toString('latin1'), /^HTTP\/1\.1 408 /);
    await closed(socket);
    clearInterval(dripping);
  });

  it('cannot renegotiate TLS 1.2', async () => {
    const attempt = async (): Promise<unknown> => {
      const socket = (await open({ maxVersion: 'TLSv1.2' })).resume();
      return Promise.race([
        new Promise((resolve) =>
          socket.renegotiate({}, (error) => resolve(error === null ? 'renegotiated' : 'refused')),
        ),
        once(socket, 'error').then(() => 'refused'),
        closed(socket).then(() => 'refused'),
      ]);
    };
    assert.equal(await attempt(), 'refused');
  });
});
