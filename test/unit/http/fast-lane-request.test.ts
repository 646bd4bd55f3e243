import assert from 'node:assert/strict';
import { createFastLaneReader, type FastLaneRequest } from '../../../src/http/status/fast-lane/request.js';

const GET = 'GET /CRL/ACI-FO-PP.crl HTTP/1.1\r\nHost: crl.example\r\n';
const POST = 'POST /ocsp HTTP/1.1\r\nHost: ocsp.example\r\nContent-Type: application/ocsp-request\r\n';

function read(text: string): (FastLaneRequest & { readonly body: string }) | null {
  const found = createFastLaneReader()(Buffer.from(text, 'latin1'));
  return found === null ? null : { ...found.request, body: found.body.toString('latin1') };
}

describe('a request in the fast lane', () => {
  it('is a GET without a body, or a POST with its complete body', () => {
    assert.deepEqual(read(`${GET}User-Agent: a (b; c)\r\nIf-None-Match: "x"\r\n\r\n`), {
      method: 'GET',
      target: '/CRL/ACI-FO-PP.crl',
      bodyBytes: 0,
      contentType: null,
      ifNoneMatch: '"x"',
      body: '',
    });
    assert.deepEqual(read(`${POST}Content-Length: 3\r\nConnection: Keep-Alive\r\n\r\n0\xff\n`), {
      method: 'POST',
      target: '/ocsp',
      bodyBytes: 3,
      contentType: 'application/ocsp-request',
      ifNoneMatch: null,
      body: '0\xff\n',
    });
  });

  const others: Readonly<Record<string, string>> = {
    'not all there: half a head': GET,
    'not all there: half a body': `${POST}Content-Length: 3\r\n\r\n01`,
    'more than one': `${GET}\r\n${GET}\r\n`,
    'a body of a GET': `${GET}Content-Length: 1\r\n\r\n0`,
    'a body of a GET that is still to come': `${GET}Content-Length: 1\r\n\r\n`,
    'an empty body': `${POST}Content-Length: 0\r\n\r\n`,
    'no length': `${POST}\r\n0`,
    'two lengths': `${POST}Content-Length: 1\r\nContent-Length: 1\r\n\r\n0`,
    'a tab after the length': `${POST}Content-Length: 1\t\r\n\r\n0`,
    'a tab in another field that is read here': `${GET}Connection:\tkeep-alive\r\n\r\n`,
    'a length in a list': `${POST}Content-Length: 1, 1\r\n\r\n0`,
    'a length with a sign': `${POST}Content-Length: +1\r\n\r\n0`,
    'a length with zeros in front': `${POST}Content-Length: 01\r\n\r\n0`,
    'a body in chunks': `${POST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'length and chunks': `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'a body in another coding': `${POST}Content-Length: 1\r\nContent-Encoding: gzip\r\n\r\n0`,
    'another method': 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n',
    'another version': 'GET / HTTP/1.0\r\nHost: a\r\n\r\n',
    'the whole address': 'GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n',
    'a query': 'GET /CRL/A.crl?x HTTP/1.1\r\nHost: a\r\n\r\n',
    'a fragment': 'GET /CRL/A.crl#x HTTP/1.1\r\nHost: a\r\n\r\n',
    'two spaces': 'GET  / HTTP/1.1\r\nHost: a\r\n\r\n',
    'no host': 'GET / HTTP/1.1\r\nAccept: a\r\n\r\n',
    'two hosts': 'GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n',
    'a last request': `${GET}Connection: close\r\n\r\n`,
    'named fields of the connection': `${GET}Connection: keep-alive, x\r\n\r\n`,
    'a part': `${GET}Range: bytes=0-1\r\n\r\n`,
    'a condition by date': `${GET}If-Modified-Since: Sun, 01 Mar 2026 10:00:00 GMT\r\n\r\n`,
    'two conditions': `${GET}If-None-Match: "x"\r\nIf-None-Match: "y"\r\n\r\n`,
    'an expectation': `${POST}Expect: 100-continue\r\nContent-Length: 1\r\n\r\n0`,
    'an upgrade': `${GET}Upgrade: h2c\r\n\r\n`,
    'a blank before the colon': `${GET}Accept : a\r\n\r\n`,
    'a field over two lines': `${GET}Accept: a\r\n b\r\n\r\n`,
    'a line without a colon': `${GET}Accept\r\n\r\n`,
    'a field without a name': `${GET}: a\r\n\r\n`,
    'a bare line feed': `${GET}Accept: a\nRange: bytes=0-1\r\n\r\n`,
    'a bare carriage return': `${GET}Accept: a\rRange: bytes=0-1\r\n\r\n`,
    'a control character': `${GET}Accept: a\0\r\n\r\n`,
    'an octet above ASCII': `${GET}Accept: \xe9\r\n\r\n`,
    'a line before it': `\r\n${GET}\r\n`,
    'a head of some length': `${GET}Accept: ${'a'.repeat(8_192)}\r\n\r\n`,
  };
  for (const [what, text] of Object.entries(others))
    it(`must not have ${what}`, () => {
      assert.equal(read(text), null);
    });

  it('is read in linear time, however many spaces a field contains', () => {
    const blanks = ' '.repeat(8_000);
    // CPU time is measured, because other processes take real time.
    const before = process.cpuUsage();
    for (let count = 0; count < 100; count += 1)
      assert.equal(read(`${GET}If-None-Match: a${blanks}b\r\n\r\n`)?.ifNoneMatch, `a${blanks}b`);
    assert.ok(process.cpuUsage(before).user < 1_000_000, '60 ms each otherwise');
  });

  it('is cached by its head, unless the head is too long or the cache was cleared', () => {
    const reader = createFastLaneReader();
    const ask = (head: string): FastLaneRequest | undefined => reader(Buffer.from(`${head}\r\n`, 'latin1'))?.request;
    const first = ask(GET);
    const padded = (characters: number): string => `${GET}Accept: ${'a'.repeat(characters)}\r\n`;
    assert.equal(ask(padded(900)), ask(padded(900)));
    assert.notEqual(ask(padded(1_000)), ask(padded(1_000)));
    assert.equal(ask(GET), first);
    for (let at = 0; at < 20_000; at += 1) ask(`${GET}Accept: ${at}\r\n`);
    assert.notEqual(ask(GET), first);
  });

  it('is cached for any body with the same head', () => {
    const reader = createFastLaneReader();
    const both = ['0', '1'].map((body) => reader(Buffer.from(`${POST}Content-Length: 1\r\n\r\n${body}`)));
    assert.equal(both[0]?.request, both[1]?.request);
    assert.deepEqual(
      both.map((one) => one?.body.toString()),
      ['0', '1'],
    );
    assert.equal(reader(Buffer.from(`${POST}Content-Length: 1\r\n\r\n01`)), null, 'a known head, and more behind it');
  });
});
