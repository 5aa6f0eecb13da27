/**
 * Arguments and nested blocks of the coder provider's types, and the checks that need no more than the files.
 * Source: docs/ and provider/*.go of coder/terraform-provider-coder, compared over all releases from v0.1.0 to
 * v2.17.0. `coder_ai_task` and `coder_task` are in provider-schema.ts; what `coder_parameter` demands of its
 * values is in parameter-checks.ts.
 */
export interface BlockSchema {
  readonly arguments: Readonly<Record<string, ArgumentSchema>>;
  readonly blocks?: Readonly<Record<string, NestedBlockSchema>>;
}

/** What the provider asks of the value of one argument. */
export interface ArgumentSchema {
  readonly type: 'string' | 'number' | 'bool' | 'map';
  readonly required?: true;
  /** Set by the provider; an author must not set it. */
  readonly readOnly?: true;
  readonly oneOf?: readonly string[];
  readonly matches?: RegExp;
  /** What `matches` asks for, in words. */
  readonly form?: string;
  readonly maxLength?: number;
  /** Smallest and largest number. */
  readonly between?: readonly [number, number];
  /** Arguments and blocks beside which it must not stand. */
  readonly conflictsWith?: readonly string[];
  /** First provider version that has it; absent for what is older than Tasks. */
  readonly since?: string;
  /** First provider version without it. */
  readonly until?: string;
}

interface NestedBlockSchema extends BlockSchema {
  /** True when it may stand once at most. */
  readonly once?: true;
  readonly required?: true;
  readonly since?: string;
}

const STRING = { type: 'string' } as const;
const NUMBER = { type: 'number' } as const;
const BOOL = { type: 'bool' } as const;
const MAP = { type: 'map' } as const;
const REQUIRED = { type: 'string', required: true } as const;
const REQUIRED_NUMBER = { type: 'number', required: true } as const;
const READ_ONLY = { type: 'string', readOnly: true } as const;
const PERCENT = { type: 'number', required: true, between: [0, 100] } as const;
/** Gone with the second major version (docs/ at v1.0.4 and v2.0.1). */
const UNTIL_2 = { type: 'string', until: '2.0.0' } as const;

function readOnly(...names: string[]): Record<string, ArgumentSchema> {
  return Object.fromEntries(names.map((name) => [name, READ_ONLY]));
}

/** Schemas of the resources, by type. */
export const RESOURCE_SCHEMAS: Readonly<Record<string, BlockSchema>> = {
  coder_agent: {
    arguments: {
      arch: { ...REQUIRED, oneOf: ['amd64', 'armv7', 'arm64'] },
      os: { ...REQUIRED, oneOf: ['linux', 'darwin', 'windows'] },
      api_key_scope: { ...STRING, oneOf: ['all', 'no_user_data'], since: '2.4.2' },
      auth: {
        ...STRING,
        oneOf: ['token', 'google-instance-identity', 'aws-instance-identity', 'azure-instance-identity'],
      },
      connection_timeout: NUMBER,
      dir: STRING,
      env: MAP,
      motd_file: STRING,
      order: NUMBER,
      shutdown_script: STRING,
      startup_script: STRING,
      startup_script_behavior: { ...STRING, oneOf: ['blocking', 'non-blocking'] },
      troubleshooting_url: STRING,
      login_before_ready: UNTIL_2,
      delay_login_until_ready: UNTIL_2,
      startup_script_timeout: UNTIL_2,
      shutdown_script_timeout: UNTIL_2,
      ...readOnly('init_script', 'token'),
    },
    blocks: {
      display_apps: {
        once: true,
        arguments: {
          port_forwarding_helper: BOOL,
          ssh_helper: BOOL,
          vscode: BOOL,
          vscode_insiders: BOOL,
          web_terminal: BOOL,
        },
      },
      metadata: {
        arguments: {
          display_name: STRING,
          interval: REQUIRED_NUMBER,
          key: REQUIRED,
          order: NUMBER,
          script: REQUIRED,
          timeout: NUMBER,
        },
      },
      resources_monitoring: {
        once: true,
        since: '2.2.0',
        arguments: {},
        blocks: {
          memory: { once: true, arguments: { enabled: { ...BOOL, required: true }, threshold: PERCENT } },
          volume: {
            arguments: { enabled: { ...BOOL, required: true }, path: REQUIRED, threshold: PERCENT },
          },
        },
      },
    },
  },
  coder_agent_instance: { arguments: { agent_id: REQUIRED, instance_id: REQUIRED } },
  coder_app: {
    arguments: {
      agent_id: REQUIRED,
      slug: { ...REQUIRED, since: '0.6.0' },
      command: { ...STRING, conflictsWith: ['url', 'healthcheck'] },
      display_name: { ...STRING, maxLength: 64 },
      external: { ...BOOL, conflictsWith: ['healthcheck', 'command', 'subdomain', 'share'] },
      group: { ...STRING, maxLength: 64, since: '2.5.0' },
      hidden: BOOL,
      icon: STRING,
      open_in: { ...STRING, oneOf: ['tab', 'slim-window'], since: '2.1.0' },
      order: NUMBER,
      share: { ...STRING, oneOf: ['owner', 'authenticated', 'public'] },
      subdomain: BOOL,
      tooltip: { ...STRING, maxLength: 2048, since: '2.11.0' },
      url: STRING,
      name: UNTIL_2,
      relative_path: UNTIL_2,
    },
    blocks: {
      healthcheck: {
        once: true,
        arguments: { interval: REQUIRED_NUMBER, threshold: REQUIRED_NUMBER, url: REQUIRED },
      },
    },
  },
  coder_devcontainer: {
    arguments: {
      agent_id: REQUIRED,
      workspace_folder: REQUIRED,
      config_path: STRING,
      ...readOnly('subagent_id'),
    },
  },
  coder_env: {
    arguments: {
      agent_id: REQUIRED,
      name: {
        ...REQUIRED,
        matches: /^[a-zA-Z_][a-zA-Z0-9_]*$/,
        form: 'letters, digits and underscores, no digit first',
      },
      value: STRING,
      merge_strategy: { ...STRING, oneOf: ['replace', 'append', 'prepend', 'error'], since: '2.15.0' },
    },
  },
  coder_external_agent: { arguments: { agent_id: REQUIRED } },
  coder_metadata: {
    arguments: { resource_id: REQUIRED, daily_cost: NUMBER, hide: BOOL, icon: STRING },
    blocks: {
      item: {
        arguments: { key: REQUIRED, value: STRING, sensitive: BOOL, is_null: { ...BOOL, readOnly: true } },
      },
    },
  },
  coder_script: {
    arguments: {
      agent_id: REQUIRED,
      display_name: REQUIRED,
      script: REQUIRED,
      cron: {
        ...STRING,
        matches: /^\s*(?:@\S(?:.*\S)?|\S+(?:\s+\S+){4,5})\s*$/,
        form: 'six cron fields, seconds first',
      },
      icon: STRING,
      log_path: STRING,
      run_on_start: BOOL,
      run_on_stop: BOOL,
      start_blocks_login: BOOL,
      timeout: { ...NUMBER, between: [1, Number.POSITIVE_INFINITY] },
    },
  },
};

/** Schemas of the data sources, by type. */
export const DATA_SCHEMAS: Readonly<Record<string, BlockSchema>> = {
  coder_external_auth: { arguments: { id: REQUIRED, optional: BOOL, ...readOnly('access_token') } },
  coder_parameter: {
    arguments: {
      name: REQUIRED,
      default: STRING,
      description: STRING,
      display_name: STRING,
      ephemeral: BOOL,
      form_type: {
        ...STRING,
        oneOf: [
          'radio',
          'slider',
          'input',
          'dropdown',
          'checkbox',
          'switch',
          'multi-select',
          'tag-select',
          'textarea',
          'error',
        ],
        since: '2.4.0',
      },
      icon: STRING,
      mutable: BOOL,
      order: NUMBER,
      styling: { ...STRING, since: '2.4.0' },
      type: { ...STRING, oneOf: ['string', 'number', 'bool', 'list(string)'] },
      legacy_variable: UNTIL_2,
      legacy_variable_name: UNTIL_2,
      ...readOnly('optional', 'value'),
    },
    blocks: {
      option: { arguments: { name: REQUIRED, value: REQUIRED, description: STRING, icon: STRING } },
      validation: {
        once: true,
        arguments: {
          error: STRING,
          max: NUMBER,
          min: NUMBER,
          monotonic: STRING,
          regex: { ...STRING, conflictsWith: ['min', 'max', 'monotonic'] },
          ...readOnly('max_disabled', 'min_disabled'),
        },
      },
    },
  },
  coder_provisioner: { arguments: readOnly('arch', 'os') },
  coder_secret: {
    arguments: { help_message: REQUIRED, env: STRING, file: STRING, ...readOnly('value') },
  },
  coder_workspace: {
    arguments: readOnly(
      'access_port',
      'access_url',
      'is_prebuild',
      'is_prebuild_claim',
      'name',
      'owner',
      'prebuild_count',
      'start_count',
      'template_id',
      'template_name',
      'template_version',
      'transition',
    ),
  },
  coder_workspace_owner: {
    arguments: readOnly(
      'email',
      'full_name',
      'groups',
      'login_type',
      'name',
      'oidc_access_token',
      'rbac_roles',
      'session_token',
      'ssh_private_key',
      'ssh_public_key',
    ),
  },
  coder_workspace_preset: {
    arguments: {
      name: REQUIRED,
      default: { ...BOOL, since: '2.8.0' },
      description: { ...STRING, maxLength: 128, since: '2.9.0' },
      icon: { ...STRING, maxLength: 256, since: '2.9.0' },
      parameters: MAP,
    },
    blocks: {
      prebuilds: {
        once: true,
        since: '2.4.0',
        arguments: { instances: { ...REQUIRED_NUMBER, between: [0, Number.POSITIVE_INFINITY] } },
        blocks: {
          expiration_policy: { once: true, since: '2.5.0', arguments: { ttl: REQUIRED_NUMBER } },
          scheduling: {
            once: true,
            since: '2.6.0',
            arguments: { timezone: REQUIRED },
            blocks: {
              schedule: {
                required: true,
                arguments: {
                  // Hours are the smallest unit (workspace_preset.go, validatePrebuildsCronSpec).
                  cron: {
                    ...REQUIRED,
                    matches: /^\s*\*(?:\s+\S+){4}\s*$/,
                    form: 'five cron fields, the first of them *',
                  },
                  instances: REQUIRED_NUMBER,
                },
              },
            },
          },
        },
      },
    },
  },
  coder_workspace_tags: { arguments: { tags: MAP } },
};
