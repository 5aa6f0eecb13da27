import { indicatorsIn } from '../../src/coder/indicators.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'supply-chain/ioc',
  summary: 'Finds traces of the attack on registry.coder.com in August 2026.',
  messages: {
    trace: ({ what, path }: { what: string; path: string }) => ({
      problem: `${path} holds ${what}, a trace of the attack on registry.coder.com of 2026-08-31.`,
      advice:
        'Delete the downloaded modules, update Coder, and revoke every credential that the provisioner could read.',
      effects: since({ '2.24': 'degraded' }),
      levelAtLeast: 'error',
    }),
  },
  check(template, { report }) {
    for (const { at, what } of indicatorsIn(template)) {
      report({ message: 'trace', data: { what, path: at.file.path }, at, address: null });
    }
  },
});
