/**
 * What the coder provider knows, by version. Source: provider/provider.go and provider/ai_task.go of
 * coder/terraform-provider-coder at v2.7.0, v2.10.0, v2.12.0, v2.13.0, v2.16.0, v2.17.0 and v2.18.0.
 */

/** First provider versions of the Tasks parts. */
export const PROVIDER_VERSIONS = {
  /** `coder_ai_task` (TPC#413). */
  aiTask: '2.7.0',
  /** `app_id` on it (TPC#445). */
  appId: '2.12.0',
  /** `data.coder_task` (TPC#460). */
  taskData: '2.13.0',
} as const;

/** First provider version that warns of `dir` on an agent (TPC#507). */
export const DIR_DEPRECATED_SINCE = '2.17.0';

/** Arguments that Terraform itself takes on every resource and data source. */
export const META_ARGUMENTS: ReadonlySet<string> = new Set(['count', 'for_each', 'depends_on', 'provider']);
/** Blocks that Terraform itself takes in every resource and data source. */
export const META_BLOCKS: ReadonlySet<string> = new Set([
  'lifecycle',
  'connection',
  'provisioner',
  'dynamic',
]);

/** Arguments and nested blocks of the Tasks types; `coder_task` takes none. */
export const TASK_SCHEMA = {
  coder_ai_task: { arguments: new Set(['app_id']), blocks: new Set(['sidebar_app']) },
  coder_task: { arguments: new Set<string>(), blocks: new Set<string>() },
} as const;

/** A type of the provider and the versions that have it. */
interface ProviderType {
  readonly since: string;
  /** First version without it. */
  readonly until?: string;
}

/** Older than any provider that a Task template could use. */
const ALWAYS = '0.0.0';

/** Resource types of the coder provider, with the versions that have them. */
export const RESOURCE_TYPES: Readonly<Record<string, ProviderType>> = {
  coder_agent: { since: ALWAYS },
  coder_agent_instance: { since: ALWAYS },
  coder_ai_task: { since: PROVIDER_VERSIONS.aiTask },
  coder_app: { since: ALWAYS },
  coder_devcontainer: { since: ALWAYS },
  coder_env: { since: ALWAYS },
  coder_external_agent: { since: '2.10.0' },
  coder_metadata: { since: ALWAYS },
  coder_script: { since: ALWAYS },
};

/** Data source types of the coder provider, with the versions that have them. */
export const DATA_TYPES: Readonly<Record<string, ProviderType>> = {
  coder_external_auth: { since: ALWAYS },
  // Became coder_external_auth (TPC#254).
  coder_git_auth: { since: ALWAYS, until: '2.0.0' },
  coder_parameter: { since: ALWAYS },
  coder_provisioner: { since: ALWAYS },
  coder_secret: { since: '2.16.0', until: '2.18.0' },
  coder_task: { since: PROVIDER_VERSIONS.taskData },
  coder_workspace: { since: ALWAYS },
  coder_workspace_owner: { since: ALWAYS },
  coder_workspace_preset: { since: ALWAYS },
  coder_workspace_tags: { since: ALWAYS },
};

/** First minor version of which nothing is known here: it may have types that no older one has. */
export const FIRST_UNKNOWN_VERSION = '2.19.0';

/** Types that templates use and no provider has: assistants make them up (coder/coder#18110 sketches the second). */
export const INVENTED_TYPES: ReadonlySet<string> = new Set(['coder_git_clone', 'coder_preset']);
