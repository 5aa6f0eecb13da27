/**
 * What the maintainers of a module changed under another name or for a reason, in the words of one range of
 * its releases. Everything that comparing the inputs of two releases can tell is left to recipes.ts.
 */
export interface Recipe {
  /** Terraform version constraint on the releases that it is for. */
  readonly from: string;
  /** Old input to new input, where the value can stay as it is. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Inputs without a successor, and why or what to do instead. */
  readonly remove?: Readonly<Record<string, string>>;
  /** Environment variables through which the old releases were told what the new ones have inputs for. */
  readonly environment?: Readonly<Record<string, EnvironmentMove>>;
  readonly notes?: readonly string[];
}

/** What becomes of an environment variable that an old release of a module read. */
export type EnvironmentMove =
  /** The value goes to an input of the module. */
  | { readonly action: 'move'; readonly input: string }
  /** The module sets or needs it no more. */
  | { readonly action: 'drop'; readonly why: string }
  /** The new release still reads it. */
  | { readonly action: 'keep'; readonly why: string };

const SCRIPTS = {
  experiment_pre_install_script: 'pre_install_script',
  experiment_post_install_script: 'post_install_script',
};
const SCREEN = 'the agent runs under AgentAPI instead of screen or tmux';
const BOUNDARY = 'removed in 4.3.0; the boundary reads its own configuration file';
const ONLY_FROM_5 = 'only releases without Tasks support have it';
const CODEX_SETTINGS = 'write the setting into base_config_toml';

/**
 * By module id. Sources: variables of the release tags of coder/registry; the environment of claude-code 2
 * from coder/registry#423 and its start script, that of amp and goose from their start scripts.
 */
export const RECIPES: Readonly<Record<string, readonly Recipe[]>> = {
  'coder/claude-code': [
    {
      from: '< 3.0.0',
      rename: {
        folder: 'workdir',
        ...SCRIPTS,
        experiment_report_tasks: 'report_tasks',
        experiment_cli_app: 'cli_app',
      },
      remove: {
        experiment_use_screen: SCREEN,
        experiment_use_tmux: SCREEN,
        experiment_tmux_session_persistence: SCREEN,
        experiment_tmux_session_save_interval: SCREEN,
        experiment_cli_app_order: 'order places the web app only',
        experiment_cli_app_group: 'group is that of the web app only',
      },
      environment: {
        CODER_MCP_CLAUDE_API_KEY: { action: 'move', input: 'claude_api_key' },
        CODER_MCP_CLAUDE_TASK_PROMPT: { action: 'move', input: 'ai_prompt' },
        CODER_MCP_CLAUDE_SYSTEM_PROMPT: { action: 'move', input: 'system_prompt' },
        CODER_MCP_APP_STATUS_SLUG: { action: 'drop', why: 'the module sets it itself' },
      },
    },
    {
      from: '>= 3.0.0, < 4.3.0',
      remove: {
        boundary_log_dir: BOUNDARY,
        boundary_log_level: BOUNDARY,
        boundary_additional_allowed_urls: BOUNDARY,
        boundary_proxy_port: BOUNDARY,
        enable_boundary_pprof: BOUNDARY,
        boundary_pprof_port: BOUNDARY,
      },
    },
    {
      from: '>= 5.0.0',
      rename: { anthropic_api_key: 'claude_api_key', enable_ai_gateway: 'enable_aibridge' },
      remove: {
        telemetry: ONLY_FROM_5,
        managed_settings: ONLY_FROM_5,
        anthropic_base_url: ONLY_FROM_5,
        use_bedrock: ONLY_FROM_5,
        use_vertex: ONLY_FROM_5,
        api_key_helper: ONLY_FROM_5,
      },
    },
  ],
  'coder-labs/codex': [
    {
      from: '< 2.0.0',
      rename: { folder: 'workdir' },
      remove: {
        extra_codex_settings_toml: CODEX_SETTINGS,
        sandbox_mode: CODEX_SETTINGS,
        approval_policy: CODEX_SETTINGS,
        network_access: CODEX_SETTINGS,
        additional_extensions: 'write the servers into additional_mcp_servers, as TOML instead of JSON',
      },
    },
    { from: '~> 2.0', rename: { folder: 'workdir' } },
    {
      from: '>= 5.0.0',
      rename: { mcp: 'additional_mcp_servers', enable_ai_gateway: 'enable_aibridge' },
      remove: {
        mcp_config_remote_path: 'write the servers into additional_mcp_servers',
      },
    },
  ],
  'coder/goose': [
    {
      from: '< 2.0.0',
      rename: {
        experiment_goose_provider: 'goose_provider',
        experiment_goose_model: 'goose_model',
        ...SCRIPTS,
        experiment_additional_extensions: 'additional_extensions',
      },
      remove: {
        experiment_use_screen: SCREEN,
        experiment_use_tmux: SCREEN,
        session_name: SCREEN,
        experiment_report_tasks: 'the module always reports',
        experiment_auto_configure: 'the module always configures',
      },
    },
    {
      from: '>= 0.0.0',
      environment: {
        GOOSE_TASK_PROMPT: {
          action: 'keep',
          why: 'the module has no prompt input; set it to the task prompt',
        },
      },
    },
  ],
  'coder/aider': [
    {
      from: '< 2.0.0',
      rename: {
        folder: 'workdir',
        task_prompt: 'ai_prompt',
        ai_model: 'model',
        ai_api_key: 'api_key',
        ...SCRIPTS,
        experiment_report_tasks: 'report_tasks',
      },
      remove: {
        aider_version: 'the module installs the newest aider',
        use_screen: SCREEN,
        use_tmux: SCREEN,
        session_name: SCREEN,
      },
    },
  ],
  'coder/amazon-q': [
    {
      from: '< 2.0.0',
      rename: {
        folder: 'workdir',
        ...SCRIPTS,
        experiment_auth_tarball: 'auth_tarball',
        experiment_report_tasks: 'report_tasks',
      },
      remove: { experiment_use_screen: SCREEN, experiment_use_tmux: SCREEN },
    },
    {
      from: '>= 0.0.0',
      notes: ['coder/amazon-q left the registry in July 2026; harleylrn/kiro-cli is its successor.'],
    },
  ],
  'coder-labs/gemini': [
    {
      from: '< 1.1.0',
      notes: [
        'Up to 1.0.1 the module brings its own "AI Prompt" parameter; take it out of workspace presets too.',
      ],
    },
  ],
  'coder-labs/auggie': [
    {
      from: '< 0.3.0',
      notes: ['report_tasks is false by default; set it to true to see the progress of a task.'],
    },
  ],
  'coder-labs/sourcegraph-amp': [
    {
      from: '< 2.0.0',
      rename: {
        folder: 'workdir',
        install_sourcegraph_amp: 'install_amp',
        sourcegraph_amp_api_key: 'amp_api_key',
        additional_mcp_servers: 'mcp',
      },
      environment: { SOURCEGRAPH_AMP_TASK_PROMPT: { action: 'move', input: 'ai_prompt' } },
    },
  ],
};
