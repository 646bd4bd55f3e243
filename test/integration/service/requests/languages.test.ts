/**
 * A client that asks in French is answered in French, whatever is refused. Without this test, a
 * rule of the core could send its English text to the client.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { englishIn } from '../../../support/english.js';
import type { Answer, Client, IssuedCertificate, Problem } from '../../../support/service/client.js';
import { csrWithWrongSignature, makeCsr, makeKey } from '../../../support/service/csr.js';
import { describeService, type RunningService } from '../../../support/service/describe-service.js';
import { bodyOf, cardBody, nextNumber, type ProfileId, professional } from '../../../support/service/orders.js';

const ORGANISATION: ProfileId = 'elementaire/org-auth-cli';
const FRENCH = { 'accept-language': 'fr-FR, fr;q=0.9, en;q=0.5' };

type FrenchRequest = {
  readonly what: string;
  readonly ask: (running: RunningService, headers: Readonly<Record<string, string>>) => Promise<Answer>;
  readonly status: number;
  readonly detail: RegExp;
};

const post = (client: Client, body: object, headers: Readonly<Record<string, string>>): Promise<Answer> =>
  client.call('POST', '/v1/certificates', { body, headers });

const CASES: readonly FrenchRequest[] = [
  {
    what: 'a member that is not in the schema',
    ask: ({ cards }, headers) => post(cards, { ...bodyOf(ORGANISATION), subject: 'CN=me' }, headers),
    status: 400,
    detail: /^\/subject : membre inconnu ; les membres sont profile, csr, /,
  },
  {
    what: 'a body that is no JSON',
    ask: ({ cards }, headers) =>
      cards.call('POST', '/v1/certificates', { raw: '{', type: 'application/json', headers }),
    status: 400,
    detail: /^\/ : le corps n'est pas du JSON \(RFC 8259\) : voyez la ligne 1, colonne 2$/,
  },
  {
    what: 'a value that has not the form of the schema',
    ask: ({ cards }, headers) => cards.call('GET', '/v1/certificates?limit=201', { headers }),
    status: 400,
    detail: /^\?\/limit : doit être un nombre entier de 1 à 200$/,
  },
  {
    what: 'rules of the policy',
    ask: ({ cards }, headers) => {
      const body = cardBody(nextNumber());
      const holder = { ...professional(nextNumber()), idNat: '810002813838', title: 'Pharmacien' };
      const { tokenId } = (body as unknown as { readonly card: { readonly tokenId: string } }).card;
      const path = `/v1/cards/${encodeURIComponent(tokenId)}/certificates`;
      return cards.call('POST', path, { body: { ...body, holder }, headers });
    },
    status: 422,
    detail:
      /\/holder\/idNat : la clé de Luhn du numéro RPPS est fausse : vérifiez le numéro ; \/holder\/title : est le libellé de la profession/,
  },
  {
    what: 'a key of another holder',
    ask: async ({ cards }, headers) => {
      const csr = makeCsr(makeKey());
      await cards.expect('POST', '/v1/certificates', { body: bodyOf(ORGANISATION, csr) });
      return post(cards, bodyOf(ORGANISATION, csr), headers);
    },
    status: 422,
    detail: /^\/csr : un autre porteur a un certificat pour cette clé : générez-en une pour ce porteur$/,
  },
  {
    what: 'a request that is not signed by its key',
    ask: ({ cards }, headers) => post(cards, bodyOf(ORGANISATION, csrWithWrongSignature(makeKey())), headers),
    status: 422,
    detail: /^\/csr : la demande n'est pas signée par la clé à certifier : signez-la /,
  },
  {
    what: 'a CSR that is no PEM',
    ask: ({ cards }, headers) => post(cards, bodyOf(ORGANISATION, 'nonsense'), headers),
    status: 422,
    detail: /^\/csr : n'est pas une demande de certificat en PEM : il ne commence pas par une ligne -----BEGIN/,
  },
  {
    what: 'an action that the role does not permit',
    ask: ({ officer }, headers) => post(officer, bodyOf(ORGANISATION), headers),
    status: 403,
    detail: /^aucun rôle de ce compte n'autorise l'action issue ; les opérateurs donnent les rôles/,
  },
  {
    what: 'a client without an account',
    ask: ({ shared }, headers) => shared.as('no-rights').call('GET', '/v1/cas', { headers }),
    status: 403,
    detail: /^le certificat client est valide mais n'appartient à aucun compte/,
  },
  {
    what: 'a state that forbids it',
    ask: async ({ cards }, headers) => {
      const { id } = await cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: bodyOf(ORGANISATION) });
      return cards.call('DELETE', `/v1/certificates/${id}/suspension`, { headers });
    },
    status: 409,
    detail: /^il n'est pas suspendu$/,
  },
  {
    what: 'a certificate that does not exist',
    ask: ({ cards }, headers) => cards.call('GET', '/v1/certificates/none', { headers }),
    status: 404,
    detail: /^aucun certificat none : GET \/v1\/certificates en cherche$/,
  },
  {
    what: 'a path that does not exist',
    ask: ({ cards }, headers) => cards.call('GET', '/v1/none', { headers }),
    status: 404,
    detail: /^\/openapi\.json et \/docs listent tous les chemins$/,
  },
  {
    what: 'a method that the path does not have',
    ask: ({ cards }, headers) => cards.call('DELETE', '/v1/cas', { headers }),
    status: 405,
    detail: /^Méthodes admises : .*GET\.$/,
  },
  {
    what: 'another content type',
    ask: ({ cards }, headers) => cards.call('POST', '/v1/certificates', { raw: 'a=b', type: 'text/plain', headers }),
    status: 415,
    detail: /^le type de contenu doit être application\/json ; reçu : text\/plain$/,
  },
];

describeService('in French', { on: 'sqlite', traced: true }, (running) => {
  for (const { what, ask, status, detail } of CASES)
    it(`${what} is answered in French, and in English without the header`, async () => {
      const french = await ask(running, FRENCH);
      const problem = french.body as Problem;
      assert.equal(french.status, status, JSON.stringify(problem));
      assert.equal(french.headers['content-language'], 'fr');
      assert.match(problem.detail ?? '', detail);
      const said = [problem.title, problem.detail ?? '', ...(problem.violations ?? []).map(({ message }) => message)];
      for (const text of said) assert.deepEqual(englishIn(text), [], text);
      const english = await ask(running, {});
      const { code, violations = [] } = english.body as Problem;
      assert.equal(english.headers['content-language'], 'en');
      assert.equal(code, problem.code);
      const rules = (found: Problem['violations']) => found?.map(({ pointer, rule }) => `${pointer} ${rule}`);
      assert.deepEqual(rules(violations), rules(problem.violations ?? []));
    });

  it('a retry under the same Idempotency-Key is answered in its own language', async () => {
    const key = randomUUID();
    const ask = (csr: string, language: string): Promise<Answer> =>
      post(running.cards, bodyOf(ORGANISATION, csr), { 'idempotency-key': key, 'accept-language': language });
    const detailOf = async (answer: Promise<Answer>): Promise<string> => ((await answer).body as Problem).detail ?? '';
    assert.match(await detailOf(ask('nonsense', 'en')), /not a PEM/);
    assert.match(await detailOf(ask('nonsense', 'fr')), /n'est pas une demande/);
    assert.equal((await ask(makeCsr(makeKey()), 'en')).status, 201);
    assert.match(
      await detailOf(ask(makeCsr(makeKey()), 'fr')),
      /^Utilisez une nouvelle Idempotency-Key pour une nouvelle requête/,
    );
    assert.match(await detailOf(ask(makeCsr(makeKey()), 'en')), /^Use a new Idempotency-Key/);
  });
});
