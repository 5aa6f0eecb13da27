import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);
import{nextStep}from"./chunk-I5WVNSGB.js";import{STATUS_WORDS,effectsText,generationText,groupVerdict,isWithoutTasks,lineRanges,summaryText,verdictText}from"./chunk-UW7TCRXK.js";import{codeBlock,codeSpan,count,escapeMarkdown,shorten}from"./chunk-YMYVP3WR.js";import{repositoryPath}from"./chunk-YAQ5PQO2.js";import"./chunk-GGTB7L2G.js";import{allNotes,byLevel,shownFindings}from"./chunk-EUKZXT2A.js";import{linesIn}from"./chunk-5Y2VRR2M.js";import"./chunk-MNU6J3RP.js";var BYTES=9e5,CELL_LENGTH=300,PARAGRAPH_LENGTH=2e3,DIFF_BYTES=3e5,LEVEL_WORDS={error:"\u{1F534} error",warning:"\u{1F7E1} warning",info:"\u{1F535} info"},STATUS_MARKS={capable:"\u2705","prompt-lost":"\u26A0\uFE0F","task-creation-fails":"\u274C","not-capable":"\u274C","build-fails":"\u274C","import-fails":"\u274C",unknown:"\u2754"},markdown={name:"markdown",render(report,context){let page=new Page(BYTES);page.add(`## tasks-lint

${summaryText(report)}, linted for Coder ${codeSpan(report.target)}.
`),addVerdicts(page,report);for(let{path,text}of allNotes(report))page.add(`
${codeSpan(path)}: ${escapeMarkdown(text)}
`);addFindings(page,report,context);for(let template of report.templates)addTemplate(page,template,context);let step=nextStep(report);return step!==null&&page.add(`
Next, to ${step.purpose}: ${codeSpan(step.command)}
`),addDiff(page,context),page.text()}},Page=class{#parts=[];#encoder=new TextEncoder;#left;#omitted=0;constructor(bytes){this.#left=bytes}add(text){let bytes=this.#encoder.encode(text).length;return bytes>this.#left?(this.#omitted+=1,!1):(this.#left-=bytes,this.#parts.push(text),!0)}text(){let note=this.#omitted>0?`
> This report was too long and is cut here. The JSON report has all of it.
`:"";return this.#parts.join("")+note}};function addVerdicts(page,report){let lines=report.templates[0]?.verdict.lines.map(each=>each.line)??[];if(lines.length===0)return;let target=linesIn(report.target),heads=lines.map(line=>target.includes(line)?`**${line.replace(">","&gt;")}**`:line.replace(">","&gt;"));page.add(`
| Template | ${heads.join(" | ")} |
| --- |${" :-: |".repeat(lines.length)}
`);for(let{root,verdict}of report.templates){let marks=verdict.lines.map(line=>markOf(line,isWithoutTasks(verdict)));if(!page.add(`| ${codeSpan(root||".",!0)} | ${marks.join(" | ")} |
`))break}}function markOf({status},isPlain){return isPlain?"\u2013":STATUS_MARKS[status]}function addFindings(page,report,context){let findings=report.templates.flatMap(shownFindings).sort(byLevel);if(findings.length!==0){page.add(`
| Level | Where | Rule | Finding |
| --- | --- | --- | --- |
`);for(let finding of findings){let{level,ruleId,docs,message}=finding,rule=docs===""?codeSpan(ruleId,!0):`[${codeSpan(ruleId,!0)}](${encodeURI(docs)})`,text=shorten(message,CELL_LENGTH),row=`| ${LEVEL_WORDS[level]} | ${codeSpan(whereOf(finding,context),!0)} | ${rule} | ${escapeMarkdown(text)} |
`;if(!page.add(row))break}}}function addTemplate(page,template,context){let{root,verdict}=template,findings=shownFindings(template),heading=`${codeSpan(root||".")}: ${escapeMarkdown(verdictText(verdict))}`,suppressed=template.findings.length-findings.length,lines=[`
### ${heading}
`];if(!isWithoutTasks(verdict)){lines.push(generationText(verdict),"");for(let{status,because,note,lines:of}of groupVerdict(verdict)){if(status==="capable"&&note==="")continue;let cause=because.map(id=>codeSpan(id)).join(", ")||note;lines.push(`- ${STATUS_MARKS[status]} ${escapeMarkdown(lineRanges(of))}: ${STATUS_WORDS[status]}${cause===""?"":`: ${cause}`}`)}}suppressed>0&&lines.push("",`${count(suppressed,"suppressed finding")} not shown.`);for(let{path,text}of template.notes??[])lines.push("",`${codeSpan(path)}: ${escapeMarkdown(text)}`);if(page.add(`${lines.join(`
`)}
`),findings.length!==0&&page.add(`
<details><summary>${count(findings.length,"finding")} with advice</summary>

`)){for(let finding of findings)if(!page.add(detailsOf(finding,context)))break;page.add(`
</details>
`)}}function detailsOf(finding,context){let{ruleId,message,advice,related,fix}=finding,effects=effectsText(finding),paragraph=text=>escapeMarkdown(shorten(text,PARAGRAPH_LENGTH)),lines=[`- ${codeSpan(ruleId)} at ${codeSpan(whereOf(finding,context))}: ${paragraph(message)}`];advice!==""&&lines.push(`  - Advice: ${paragraph(advice)}`),effects!==""&&lines.push(`  - Effect: ${escapeMarkdown(effects)}`);for(let place of related.slice(0,5))lines.push(`  - ${codeSpan(whereOf(place,context))}: ${paragraph(place.text)}`);if(fix!==null){let review=fix.safety==="review"?" (to be reviewed)":"";lines.push(`  - Fix${review}: ${paragraph(fix.title)}`)}return`${lines.join(`
`)}
`}function whereOf(place,{repository}){return`${repositoryPath(place.file,repository)}:${place.start.line}:${place.start.column}`}function addDiff(page,{diff}){if(diff===null||diff==="")return;let shown=shorten(diff,DIFF_BYTES,`
\u2026`);page.add(`
<details><summary>Diff of the fixes</summary>

${codeBlock(shown,"diff")}
</details>
`)}export{STATUS_MARKS,markdown};
