import type { Verdict } from '../coder/verdict.ts';
import { STATUS_MARKS } from '../report/markdown.ts';
import { codeBlock, codeSpan, count, escapeMarkdown } from '../report/text.ts';
import { isWithoutTasks, STATUS_WORDS } from '../report/words.ts';
import type { ManualReport, MigrationReport, TemplateMigration } from './migration-report.ts';

/** A note on the migration in Markdown, to be pasted into a pull request. */
export function migrationNote(report: MigrationReport): string {
  const parts = report.templates.map((template) => noteOn(template, report.target));
  return `${parts.join('\n')}\n${LINKS}`;
}

function noteOn(template: TemplateMigration, target: string): string {
  const { root, agentsPlan, steps, manual } = template;
  const lines = [`## Migrate ${codeSpan(root)} for Coder ${codeSpan(target)}`, '', summaryOf(template), ''];
  if (agentsPlan === null) lines.push(...verdictTable(template), '');
  if (steps.length > 0) {
    lines.push('### What changes', '');
    for (const [index, step] of steps.entries()) {
      const review = step.safety === 'review' ? ' *(deserves a look)*' : '';
      lines.push(`#### ${index + 1}. ${escapeMarkdown(step.title)}${review}`, '');
      lines.push(`${escapeMarkdown(step.why)} ([${step.ruleId}](${step.docs}))`, '');
      lines.push(codeBlock(step.diff, 'diff'), '');
    }
  }
  if (manual.length > 0) {
    lines.push('### What is left to you', '');
    for (const [index, step] of manual.entries()) lines.push(`${index + 1}. ${manualText(step)}`);
    lines.push('');
  }
  if (agentsPlan !== null) {
    lines.push('### Plan for Coder Agents', '', 'Remove:', '');
    for (const { address, file, line, why } of agentsPlan.remove) {
      lines.push(`- [ ] ${codeSpan(address)} (${codeSpan(`${file}:${line}`)}): ${escapeMarkdown(why)}`);
    }
    if (agentsPlan.remove.length === 0) lines.push('- nothing: the template has no Tasks parts');
    lines.push('', 'Keep:', '', ...agentsPlan.keep.map((text) => `- ${escapeMarkdown(text)}`));
    lines.push('', 'Advice:', '', ...agentsPlan.advice.map((text) => `- ${escapeMarkdown(text)}`), '');
  }
  return lines.join('\n');
}

/** What the migration came to, in one sentence. */
export function summaryOf({ complete, steps, files, manual, before, agentsPlan }: TemplateMigration): string {
  if (agentsPlan !== null) {
    const parts = count(agentsPlan.remove.length, 'part');
    return `Tasks are gone from these releases: nothing is changed, and ${parts} can be removed for Coder Agents.`;
  }
  if (isWithoutTasks(before)) return 'The template has nothing of Coder Tasks in it.';
  const blocking = manual.filter((step) => step.blocking).length;
  const done =
    steps.length === 0
      ? 'There is nothing to migrate automatically'
      : `${count(steps.length, 'step')} in ${count(files.length, 'file')}`;
  if (complete)
    return steps.length === 0 ? 'There is nothing to migrate.' : `${done}; the migration is complete.`;
  return blocking > 0
    ? `${done}; the migration is not complete: ${count(blocking, 'step')} must be done by hand.`
    : `${done}; the migration is not complete, as the verdict shows.`;
}

function verdictTable({ before, after }: TemplateMigration): string[] {
  const status = (verdict: Verdict, line: string) => {
    const found = verdict.lines.find((each) => each.line === line)?.status;
    return found === undefined ? '' : `${STATUS_MARKS[found]} ${STATUS_WORDS[found]}`;
  };
  return [
    '| Coder | before | after |',
    '| --- | --- | --- |',
    ...after.lines.map(({ line }) => `| ${line} | ${status(before, line)} | ${status(after, line)} |`),
  ];
}

function manualText({ text, file, line, blocking }: ManualReport): string {
  const place = file === null ? '' : ` (${codeSpan(`${file}:${line}`)})`;
  return `${blocking ? '**Needed:** ' : ''}${escapeMarkdown(text)}${place}`;
}

const LINKS = [
  'Further reading: [Coder on migrating Task templates](https://coder.com/docs/ai-coder/tasks-migration),',
  '[from Tasks to Coder Agents](https://coder.com/docs/ai-coder/agents/tasks-to-chats-migration).',
  '',
].join('\n');
