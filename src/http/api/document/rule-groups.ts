/**
 * All rules that a problem document can name, in groups by subject, with the problem codes with
 * which they occur. `/openapi.json` lists them as `x-rules`, and `/docs` shows them with their
 * texts.
 */
import { type Bilingual, untranslated } from '../../../kernel/bilingual.js';
import { ACCOUNT_RULES } from '../../../texts/account-rules.js';
import { RULES } from '../../../texts/all.js';
import { ACCESS_RULES, REQUEST_RULES, SCHEMA_RULES, STATE_RULES, VALUE_RULES } from '../../../texts/api-rules.js';
import { APPROVAL_RULES } from '../../../texts/approval-rules.js';
import { CAMPAIGN_RULES } from '../../../texts/campaign-rules.js';
import { CARD_RULES } from '../../../texts/card-rules.js';
import { ENROLMENT_RULES } from '../../../texts/enrolment-rules.js';
import { KEY_RULES } from '../../../texts/key-rules.js';
import { ORDER_RULES } from '../../../texts/order-rules.js';
import { POLICY_RULES } from '../../../texts/policy-rules.js';
import { PROOF_RULES } from '../../../texts/proof-rules.js';
import { REGISTRATION_RULES } from '../../../texts/registration-rules.js';
import { UPDATE_RULES } from '../../../texts/update-rules.js';
import { WEBHOOK_RULES } from '../../../texts/webhook-rules.js';
import { PROBLEMS } from '../problems.js';

type ProblemCode = (typeof PROBLEMS)[keyof typeof PROBLEMS]['code'];
/**
 * Texts by the name of the rule. A name may end with a slash and the name of a case, e.g.
 * `json/utf-8`.
 */
type RuleTexts = Readonly<Record<string, Bilingual>>;

type RuleGroup = {
  readonly id: string;
  readonly title: Bilingual;
  readonly codes: readonly ProblemCode[];
  readonly rules: RuleTexts;
};

/** The text of rules for which each schema has its own text (`x-expected`). */
const EXPECTED = untranslated('{expected}');
const RULES_WORDED_BY_SCHEMA = { pattern: EXPECTED, format: EXPECTED, minProperties: EXPECTED } as const;

const GROUPS: readonly RuleGroup[] = [
  {
    id: 'schema',
    title: { fr: 'Forme de la requête', en: 'Form of the request' },
    codes: ['invalid-request'],
    rules: { ...SCHEMA_RULES, ...VALUE_RULES, ...RULES_WORDED_BY_SCHEMA },
  },
  {
    id: 'request',
    title: { fr: 'Contenu de la requête', en: 'Content of the request' },
    codes: ['invalid-request', 'policy-violated'],
    rules: REQUEST_RULES,
  },
  {
    id: 'access',
    title: { fr: 'Certificat client et droits du compte', en: 'Client certificate and rights of the account' },
    codes: ['not-permitted'],
    rules: ACCESS_RULES,
  },
  {
    id: 'policy',
    title: { fr: 'Politique de certification', en: 'Certificate policy' },
    codes: ['policy-violated'],
    rules: POLICY_RULES,
  },
  {
    id: 'key',
    title: { fr: 'Demande de certificat et clé', en: 'Certification request and key' },
    codes: ['key-rejected', 'proof-of-possession-failed'],
    rules: KEY_RULES,
  },
  {
    id: 'state',
    title: { fr: 'État des certificats, des AC et des comptes', en: 'State of certificates, CAs and accounts' },
    codes: ['state-conflict', 'policy-violated'],
    rules: STATE_RULES,
  },
  {
    id: 'enrolment',
    title: { fr: 'Demandes par protocole (EST, CMP)', en: 'Requests by protocols (EST, CMP)' },
    codes: ['policy-violated', 'key-rejected', 'not-permitted'],
    rules: ENROLMENT_RULES,
  },
  {
    id: 'registration',
    title: { fr: 'Enregistrements', en: 'Registrations' },
    codes: ['policy-violated', 'state-conflict', 'not-permitted', 'quota-exceeded'],
    rules: REGISTRATION_RULES,
  },
  {
    id: 'card',
    title: { fr: 'Cartes et porteurs', en: 'Cards and holders' },
    codes: ['state-conflict', 'policy-violated'],
    rules: CARD_RULES,
  },
  {
    id: 'update',
    title: { fr: 'Mises à jour à distance', en: 'Remote updates' },
    codes: ['state-conflict', 'policy-violated', 'quota-exceeded'],
    rules: UPDATE_RULES,
  },
  {
    id: 'proof',
    title: { fr: "Preuves d'une carte", en: 'Proofs of a card' },
    codes: ['proof-rejected'],
    rules: PROOF_RULES,
  },
  {
    id: 'order',
    title: { fr: 'Commandes', en: 'Orders' },
    codes: ['invalid-request', 'state-conflict'],
    rules: ORDER_RULES,
  },
  {
    id: 'campaign',
    title: { fr: 'Campagnes', en: 'Campaigns' },
    codes: ['policy-violated', 'state-conflict'],
    rules: CAMPAIGN_RULES,
  },
  {
    id: 'approval',
    title: { fr: 'Demandes à deux officiers', en: 'Approvals' },
    codes: ['state-conflict', 'not-permitted'],
    rules: APPROVAL_RULES,
  },
  {
    id: 'account',
    title: { fr: 'Comptes', en: 'Accounts' },
    codes: ['policy-violated', 'state-conflict'],
    rules: ACCOUNT_RULES,
  },
  {
    id: 'webhook',
    title: { fr: 'Événements envoyés', en: 'Webhooks' },
    codes: ['state-conflict'],
    rules: WEBHOOK_RULES,
  },
];

const listed = new Set(GROUPS.flatMap(({ rules }) => Object.keys(rules)));
const others = Object.fromEntries(Object.entries<Bilingual>(RULES).filter(([id]) => !listed.has(id)));

/** All groups. Rules of `src/texts` that are in no group yet are in the last group, `other`. */
export const RULE_GROUPS: readonly RuleGroup[] =
  Object.keys(others).length === 0
    ? GROUPS
    : [
        ...GROUPS,
        {
          id: 'other',
          title: { fr: 'Autres règles', en: 'Other rules' },
          codes: ['policy-violated', 'state-conflict', 'not-permitted'],
          rules: others,
        },
      ];

/** Returns the texts of each rule of a group: one, or one for each case of the rule. */
export function ruleTexts({ rules }: RuleGroup): Readonly<Record<string, readonly Bilingual[]>> {
  const texts: Record<string, readonly Bilingual[]> = {};
  for (const [id, said] of Object.entries(rules)) {
    const rule = id.replace(/\/.*/, '');
    texts[rule] = [...(texts[rule] ?? []), said];
  }
  return texts;
}

/**
 * Returns all problem codes with their HTTP status and title, sorted by status. The first row of
 * `PROBLEMS` gives the title of a code.
 */
export function problemCodes(): readonly {
  readonly code: string;
  readonly status: number;
  readonly title: Bilingual;
}[] {
  const rows = Object.values(PROBLEMS);
  return rows
    .filter(({ code }, at) => rows.findIndex((row) => row.code === code) === at)
    .sort((one, other) => one.status - other.status || one.code.localeCompare(other.code));
}
