import { argumentNamed } from '../hcl/syntax.ts';
import type { Span } from '../source/source-file.ts';
import { asString } from '../terraform/value.ts';
import type { CatalogCall } from './agent-modules.ts';
import type { CoderBlock, Template } from './template.ts';

/** The form that provider and server demand of a slug (provider/app.go, provisioner/regexes.go). */
export const APP_SLUG = /^[a-z0-9](-?[a-z0-9])*$/;

/** An app slug that the start build at import plans for certain. */
export interface PlannedSlug {
  readonly slug: string;
  /** Address of the app, or of the module call that brings it. */
  readonly address: string;
  readonly at: Span;
  readonly app: CoderBlock | null;
}

/** The slugs of all apps that are planned at import, one for each instance up to the second. */
export function plannedSlugsOf(template: Template): PlannedSlug[] {
  return [
    ...template.apps.flatMap((app) => slugsOfApp(template, app)),
    ...template.catalogCalls.flatMap((call) => slugsOfModule(template, call)),
  ];
}

function slugsOfApp(template: Template, app: CoderBlock): PlannedSlug[] {
  const argument = argumentNamed(app.block.body, 'slug');
  if (argument === undefined) return [];
  const slug = asString(template.atImport.valueOf(app.node, argument.value));
  const { count } = template.atImport.totalInstancesOf(app.node, app.resource);
  if (slug === null || count === null) return [];
  const planned = { slug, address: app.address, at: argument.value.span, app };
  return Array.from({ length: Math.min(count, 2) }, () => planned);
}

function slugsOfModule(template: Template, call: CatalogCall): PlannedSlug[] {
  if (call.node.children.has(call.call.name)) return [];
  const { count } = template.atImport.totalInstancesOf(call.node, call.call);
  // An input may switch an app off, or name it.
  const isUsual = [...call.call.inputs.keys()].every((name) => !/slug|app$|^web_|^cli_|enable/.test(name));
  if (count === null || !isUsual) return [];
  return (call.facts?.appSlugs ?? []).flatMap((slug) => {
    const planned = { slug, address: call.address, at: call.call.block.headerSpan, app: null };
    return Array.from({ length: Math.min(count, 2) }, () => planned);
  });
}
