import { buildFix } from '../../src/coder/migration-fix.ts';
import { taskAppsOf } from '../../src/coder/task-apps.ts';
import { literalOf } from '../../src/coder/template.ts';
import { argumentNamed } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';
import { asString } from '../../src/terraform/value.ts';

export default defineRule({
  id: 'security/public-share',
  summary: "Finds apps of tasks that others than the workspace's owner can open.",
  messages: {
    public: ({ address }: { address: string }) => ({
      problem: `${address} is the app of a task and is public: whoever has its address, logged in or not, can talk to the agent.`,
      advice: 'Leave share out, which means the owner only.',
      effects: since({ '2.24': 'degraded' }),
    }),
    authenticated: ({ address }: { address: string }) => ({
      problem: `${address} is the app of a task and is shared with every user of the deployment, who can all talk to the agent.`,
      advice: 'Leave share out, which means the owner only.',
      effects: since({ '2.24': 'degraded' }),
    }),
  },
  options: {
    widest: {
      enum: ['owner', 'authenticated'],
      default: 'owner',
      description: 'Who may open the app of a task at most: its owner, or every user of the deployment.',
    },
  },
  check(template, { report, options: { widest } }) {
    for (const { app } of taskAppsOf(template)) {
      const { address, block, node } = app;
      const share = argumentNamed(block.body, 'share');
      if (share === undefined) continue;
      const level = asString(template.atImport.valueOf(node, share.value));
      if ((level !== 'public' && level !== 'authenticated') || level === widest) continue;
      const isWritten = literalOf(app, 'share') !== null;
      const mended = isWritten
        ? buildFix(`Share ${address} with its owner only`, 'review', (fix) =>
            fix.inBlock(block).replace(share.value, '"owner"'),
          )
        : {};
      report({ message: level, data: { address }, at: share.value.span, address, ...mended });
    }
  },
});
