import { describe, expect, it } from 'vitest';
import { findSecret, isCredentialName, looksRandom, maskSecrets } from '../src/coder/secrets.ts';

// Written in two parts, so that no scanner takes this file for a leak.
const body = (length: number) => 'Rk3v9TqLw2ZbN8mYcM5dPq7sJ4fGhA6uXe1WzVtBnCyDiKoQpSrLm0'.slice(0, length);

describe('findSecret', () => {
  it.each([
    ['an Anthropic key', `sk-ant-api03-${body(30)}`],
    ['an OpenAI key', `sk-proj-${body(30)}`],
    ['an OpenAI key', `sk-${body(48)}`],
    ['a GitHub token', `ghp_${body(36)}`],
    ['a GitHub token', `export T=github_pat_${body(22)}_${body(50)}`],
    ['a GitLab token', `https://oauth2:glpat-${body(20)}@gitlab.com/x`],
    ['a Google API key', `AIza${body(35)}`],
    ['an AWS access key id', `AKIA${'Q3R7T2VWX5YZABCD'}`],
    ['a Slack token', `xoxb-${body(30)}`],
    ['an npm token', `//registry.example.com/:_authToken=npm_${body(36)}`],
    ['a private key', `-----BEGIN RSA PRIVATE KEY-----\n${body(50)}`],
  ])('%s', (kind, text) => expect(findSecret(text)?.kind).toBe(kind));

  it.each([
    'sk-ant-...',
    'sk-ant-api03-your-key-goes-in-this-place-1',
    `sk-ant-oat01-${'x'.repeat(60)}`,
    'AKIAIOSFODNN7EXAMPLE',
    `task-${body(40)}`,
    'sk-or-something-made-of-words-only',
    '-----BEGIN PRIVATE KEY-----',
    'npm_config_registry_is_a_setting_of_npm_1',
  ])('is silent about %s', (text) => expect(findSecret(text)).toBeNull());

  it('takes linear time', () => {
    const started = performance.now();
    for (const piece of ['sk-ant-api03-', 'sk-', 'xoxb-a', '-----BEGIN RSA ', 'a', 'token="', ' ']) {
      findSecret(piece.repeat(100_000));
      maskSecrets(piece.repeat(100_000));
    }
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('isCredentialName', () => {
  it.each(['claude_api_key', 'GITHUB_TOKEN', 'token', 'apiKey', 'db-password', 'pat', 'auth_tarball'])(
    '%s',
    (name) => expect(isCredentialName(name)).toBe(true),
  );
  it.each([
    'max_tokens',
    'token_file',
    'secret_name',
    'image_pull_secret',
    'public_key',
    'tokenizer',
    'compat',
    'key',
  ])('is not fooled by %s', (name) => expect(isCredentialName(name)).toBe(false));
});

describe('looksRandom', () => {
  it('tells random text from words', () => {
    expect(looksRandom(body(20))).toBe(true);
    expect(looksRandom('google-credentials-secret')).toBe(false);
    expect(looksRandom('/run/secrets/token-1234')).toBe(false);
    expect(looksRandom('short1')).toBe(false);
  });
});

describe('maskSecrets', () => {
  it.each([
    [`key = "sk-ant-api03-${body(20)}"`, `key = "sk-ant-api03-${'*'.repeat(20)}"`],
    [`  GATEWAY_TOKEN = "${body(20)}", # x`, `  GATEWAY_TOKEN = "${'*'.repeat(20)}", # x`],
    [`  "api_key": "${body(20)}"`, `  "api_key": "${'*'.repeat(20)}"`],
    [`    ${'aB3/'.repeat(16)}`, `    ${'*'.repeat(64)}`],
    ['app_id = "b1946ac9-2492-4d23-8f5b-0c3b3b2f5d9e"', 'app_id = "b1946ac9-2492-4d23-8f5b-0c3b3b2f5d9e"'],
  ])('%s', (line, masked) => expect(maskSecrets(line)).toBe(masked));
});
