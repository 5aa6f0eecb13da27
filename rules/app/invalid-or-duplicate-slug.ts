import { APP_SLUG, type PlannedSlug, plannedSlugsOf } from '../../src/coder/app-slugs.ts';
import { literalOf } from '../../src/coder/template.ts';
import { argumentNamed } from '../../src/hcl/syntax.ts';
import { defineRule, since } from '../../src/rule.ts';

export default defineRule({
  id: 'app/invalid-or-duplicate-slug',
  summary: 'Finds app slugs that Coder refuses: of a wrong form, or used twice.',
  messages: {
    invalid: ({ address, slug }: { address: string; slug: string }) => ({
      problem: `${address} has the slug "${slug}", which is no host name: only a-z, 0-9 and single hyphens between them.`,
      advice: 'Write it with lower-case letters, digits and single hyphens.',
      effects: since({ '2.24': 'import-fails' }),
    }),
    duplicate: ({ address, slug, other }: { address: string; slug: string; other: string }) => ({
      problem: `${address} has the slug "${slug}", which ${other} has too, and slugs are unique in a template.`,
      advice: 'Give one of the apps another slug.',
      effects: since({ '2.24': 'import-fails' }),
    }),
  },
  check(template, { report }) {
    for (const app of template.apps) {
      const slug = literalOf(app, 'slug');
      const at = argumentNamed(app.block.body, 'slug')?.value.span;
      if (app.node.remote || slug === null || at === undefined || APP_SLUG.test(slug)) continue;
      report({ message: 'invalid', data: { address: app.address, slug }, at, address: app.address });
    }
    const seen = new Map<string, PlannedSlug>();
    const reported = new Set<string>();
    for (const planned of plannedSlugsOf(template)) {
      const { slug, address, at } = planned;
      const first = seen.get(slug);
      if (first === undefined) seen.set(slug, planned);
      else if (!reported.has(`${address} ${slug}`)) {
        reported.add(`${address} ${slug}`);
        const other = first.address === address ? 'another of its instances' : first.address;
        const related = first.address === address ? [] : [{ span: first.at, text: 'has the slug too' }];
        report({ message: 'duplicate', data: { address, slug, other }, at, address, related });
      }
    }
  },
});
