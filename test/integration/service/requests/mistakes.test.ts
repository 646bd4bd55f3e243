/**
 * Mistakes that an integrator makes on the first days, and what the service says about each: where
 * it is, which rule it breaks, and what to do, in English and in French. Without this table a text
 * could lose its remedy, and integrators would ask the operators.
 */
import assert from 'node:assert/strict';
import type { Problem, SentRequest } from '../../../support/service/client.js';
import { describeService } from '../../../support/service/describe-service.js';
import { IN_THE_HOLDER, IN_THE_KEY } from './mistakes/content.js';
import { IN_THE_ADDRESS, IN_THE_FORM } from './mistakes/form.js';
import type { Send } from './mistakes/mistake.js';
import { IN_RIGHTS_AND_STATES } from './mistakes/rights.js';

const MISTAKES = [...IN_THE_FORM, ...IN_THE_ADDRESS, ...IN_THE_KEY, ...IN_THE_HOLDER, ...IN_RIGHTS_AND_STATES];

describeService('an integrator who', { on: 'sqlite' }, (running) => {
  const sendIn = (language: string): Send => {
    const headers = { 'accept-language': language };
    const call = (method: 'GET' | 'POST' | 'DELETE', path: string, sent: SentRequest = {}) =>
      running.cards.call(method, path, { ...sent, headers: { ...sent.headers, ...headers } });
    return Object.assign(call, { headers });
  };

  for (const { what, ask, status, code, pointer, rule, remedy } of MISTAKES)
    it(`${what} is told where, why and what to do, in English and in French`, async () => {
      for (const language of ['en', 'fr'] as const) {
        const answer = await ask(running, sendIn(language));
        const problem = answer.body as Problem;
        const shown = JSON.stringify(problem);
        assert.equal(answer.status, status, shown);
        assert.equal(problem.code, code, shown);
        assert.equal(answer.headers['content-language'], language);
        const broken = problem.violations?.find((one) => one.rule === rule && one.pointer === pointer);
        if (pointer !== null) assert.ok(broken, shown);
        else if (rule !== null) assert.equal(problem.rule, rule, shown);
        assert.match(broken?.message ?? problem.detail ?? '', remedy[language], shown);
      }
    });

  it('makes one of at least 41 mistakes, each once', () => {
    assert.ok(MISTAKES.length >= 41, `${MISTAKES.length}`);
    assert.equal(new Set(MISTAKES.map(({ what }) => what)).size, MISTAKES.length);
  });
});
