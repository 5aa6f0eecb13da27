import { bypassFlagIn, hasAgentFirewall, permissionBypassesOf } from '../../src/coder/agent-permissions.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'security/permission-bypass',
  summary: 'Finds agents that may run every command and reach every host without asking.',
  messages: {
    open: ({ address, setting }: { address: string; setting: string }) => ({
      problem: `${address} lets the agent do everything without asking (${setting}), and the template sets up no Agent Firewall.`,
      advice: 'Allow single tools instead, or put the agent behind the Agent Firewall.',
      effects: since({ '2.24': 'degraded' }),
    }),
    fenced: ({ address, setting }: { address: string; setting: string }) => ({
      problem: `${address} lets the agent do everything without asking (${setting}); the Agent Firewall limits where it can connect.`,
      advice: 'Keep in its workspace only what the agent may change.',
      effects: since({ '2.24': 'advice' }),
    }),
  },
  options: {
    allowBehindFirewall: {
      type: 'boolean',
      default: false,
      description: 'Whether an agent behind the Agent Firewall may do everything without asking.',
    },
  },
  check(template, { report, options: { allowBehindFirewall } }) {
    if (!template.isAboutTasks) return;
    const messageFor = (isFenced: boolean) => (isFenced ? (allowBehindFirewall ? null : 'fenced') : 'open');
    for (const { agent, argument, setting } of permissionBypassesOf(template)) {
      const { address } = agent;
      const message = messageFor(hasAgentFirewall(template, agent));
      if (message !== null) report({ message, data: { address, setting }, at: argument.nameSpan, address });
    }
    const scripts = template.writtenTexts.flatMap(({ address, nameSpan, text }) => {
      const setting = bypassFlagIn(text);
      return setting === null ? [] : [{ address, nameSpan, setting }];
    });
    const message = scripts.length === 0 ? null : messageFor(hasAgentFirewall(template, null));
    if (message === null) return;
    for (const { address, nameSpan, setting } of scripts) {
      report({ message, data: { address, setting }, at: nameSpan, address });
    }
  },
});
