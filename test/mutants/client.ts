import { guardsOf, type Mutants } from './mutant.js';

const KILLED = 'test/integration/client/killed-renewal.test.ts';
const RENEWAL = 'test/integration/client/renewal.test.ts';

const files = guardsOf('src/cli/client/renewal-files.ts', KILLED);
const answers = guardsOf('src/cli/client/check-answer.ts', RENEWAL);
const sending = guardsOf('src/client/sending.ts', 'test/unit/client/sending.test.ts');

const COMPLETED = 'before any of its steps is completed by the next run';

/** Guards of programs of clients: the commands, the renewal by EST, and the typed client. */
export const CLIENT: Mutants = {
  'client/command-is-due': files('The command runs also after a death between the renames and it.', {
    find: 'return pem !== null && isRequestFor(pem, createPrivateKey(readText(key)));',
    replace: 'return false && pem !== null && isRequestFor(pem, createPrivateKey(readText(key)));',
    title: COMPLETED,
  }),
  'client/same-holder': answers('A certificate for another holder is not used.', {
    find: 'renewed.subject !== old.subject ||',
    replace: '',
    title: 'does not use an answer',
  }),
  'client/trusted': answers('A certificate of a CA that is not trusted is not used.', {
    find: 'certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)',
    replace: 'certificate.checkIssued(issuer)',
    title: 'does not use an answer of a CA that is not below a trusted one',
  }),
  'client/incomplete-output': guardsOf('src/terminal/say.ts', 'test/unit/cli/say.test.ts')(
    'A command whose output could not be written does not end as a success.',
    {
      find: "if (error.code === 'EPIPE') process.exit();",
      replace: 'process.exit();',
      title: 'ends the command as a failure on a full disk',
    },
  ),
  'client/repeatable': sending('A lost request that the service does not recognise is not sent again.', {
    find: '|| !isRepeatable(sent.method, sent.headers)',
    replace: '|| (isRepeatable(sent.method, sent.headers) && isLast)',
    title: 'does not repeat a lost request',
  }),
};
