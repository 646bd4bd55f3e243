/** A client that forgets to encode the slash of an id is told the path that it meant. */
import assert from 'node:assert/strict';
import { suggestPath } from '../../../../src/http/api/document/suggest-path.js';

const CARD = '8025000001/2600301752';

describe('the path that a client may have meant', () => {
  for (const [method, path, meant] of [
    ['GET', `/v1/cards/${CARD}`, '/v1/cards/8025000001%2F2600301752'],
    ['POST', `/v1/cards/${CARD}/certificates`, '/v1/cards/8025000001%2F2600301752/certificates'],
    ['GET', '/v1/holders/30B0057881/CPET0002', '/v1/holders/30B0057881%2FCPET0002'],
    ['GET', '/v1/cas/', '/v1/cas'],
    ['GET', '/cas', '/v1/cas'],
  ] as const)
    it(`${method} ${path} is ${meant}`, () => {
      const said = suggestPath(method, path);
      assert.ok(said?.en.endsWith(`: ${meant}`) && said.fr.endsWith(` : ${meant}`), JSON.stringify(said));
    });

  for (const [method, path] of [
    ['GET', '/v1/none'],
    ['DELETE', `/v1/cards/${CARD}`],
    ['GET', '/v1/cards//x/y/z'],
    ['GET', `/v1/cards/${'9'.repeat(400)}/1`],
  ] as const)
    it(`${method} ${path.slice(0, 40)} resembles no path`, () => {
      assert.equal(suggestPath(method, path), null);
    });
});
