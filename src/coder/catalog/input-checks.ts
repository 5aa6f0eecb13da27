/**
 * What the validations of agent modules refuse, by ranges of their releases. Source: the `validation` and
 * `precondition` blocks in main.tf of the release tags of coder/registry.
 */
export type InputCheck =
  /** The only values that an input takes. */
  | { readonly from: string; readonly input: string; readonly oneOf: readonly string[] }
  /** A form that the text of an input must have. */
  | { readonly from: string; readonly input: string; readonly matches: RegExp; readonly form: string }
  /** An input that must not have a value while a switch is on. */
  | { readonly from: string; readonly input: string; readonly excludes: string }
  /** An input that must have a value while a switch is on. */
  | { readonly from: string; readonly input: string; readonly demands: string }
  /** An input that must be left alone unless a switch is off. */
  | { readonly from: string; readonly input: string; readonly unless: string; readonly usual: string };

const GATEWAY_5 = ['anthropic_api_key', 'claude_code_oauth_token', 'anthropic_base_url'];

/** By module id; `from` is a version constraint. */
export const INPUT_CHECKS: Readonly<Record<string, readonly InputCheck[]>> = {
  'coder/claude-code': [
    {
      from: '>= 3.0.0, < 4.9.2',
      input: 'permission_mode',
      oneOf: ['', 'default', 'acceptEdits', 'plan', 'bypassPermissions'],
    },
    {
      from: '>= 4.9.2, < 5.0.0',
      input: 'permission_mode',
      oneOf: ['', 'default', 'acceptEdits', 'plan', 'auto', 'bypassPermissions'],
    },
    {
      from: '>= 4.4.0',
      input: 'claude_binary_path',
      unless: 'install_claude_code',
      usual: '$HOME/.local/bin',
    },
    { from: '>= 4.5.0, < 5.0.0', input: 'enable_aibridge', excludes: 'claude_api_key' },
    { from: '>= 4.5.0, < 5.0.0', input: 'enable_aibridge', excludes: 'claude_code_oauth_token' },
    ...GATEWAY_5.map((excludes) => ({ from: '>= 5.3.0', input: 'enable_ai_gateway', excludes })),
    ...GATEWAY_5.slice(0, 2).map((excludes) => ({
      from: '>= 5.0.0, < 5.3.0',
      input: 'enable_ai_gateway',
      excludes,
    })),
  ],
  'coder-labs/codex': [
    {
      from: '< 2.0.0',
      input: 'sandbox_mode',
      oneOf: ['workspace-write', 'read-only', 'danger-full-access'],
    },
    { from: '< 2.0.0', input: 'approval_policy', oneOf: ['on-request', 'never', 'untrusted'] },
    {
      from: '>= 4.1.0, < 4.3.1',
      input: 'model_reasoning_effort',
      oneOf: ['none', 'low', 'medium', 'high'],
    },
    {
      from: '>= 4.3.1',
      input: 'model_reasoning_effort',
      oneOf: ['', 'none', 'minimal', 'low', 'medium', 'high', 'xhigh'],
    },
    { from: '>= 4.1.0, < 5.0.0', input: 'enable_aibridge', excludes: 'openai_api_key' },
    { from: '>= 5.0.0', input: 'enable_ai_gateway', excludes: 'openai_api_key' },
  ],
  'coder-labs/sourcegraph-amp': [{ from: '>= 2.1.0', input: 'mode', oneOf: ['', 'free', 'rush', 'smart'] }],
  'coder/aider': [
    {
      from: '>= 1.0.0',
      input: 'ai_provider',
      oneOf: ['openai', 'anthropic', 'azure', 'google', 'cohere', 'mistral', 'ollama', 'custom'],
    },
  ],
  'coder-labs/copilot': [
    { from: '< 0.4.1', input: 'copilot_model', oneOf: ['claude-sonnet-4', 'claude-sonnet-4.5', 'gpt-5'] },
    { from: '>= 0.4.0', input: 'enable_aibridge_proxy', demands: 'aibridge_proxy_auth_url' },
    { from: '>= 0.4.0', input: 'enable_aibridge_proxy', demands: 'aibridge_proxy_cert_path' },
  ],
  'coder-labs/auggie': [
    {
      from: '>= 0.1.0',
      input: 'interaction_mode',
      oneOf: ['interactive', 'print', 'quiet', 'compact'],
    },
    {
      from: '>= 0.1.0',
      input: 'auggie_version',
      matches: /^$|^v?\d+\.\d+\.\d+/,
      form: 'empty or a version such as v1.2.3',
    },
    {
      from: '>= 0.1.0',
      input: 'agentapi_version',
      matches: /^v\d+\.\d+\.\d+/,
      form: 'a version such as v0.10.0, with the v',
    },
  ],
};
