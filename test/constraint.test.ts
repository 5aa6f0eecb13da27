import { satisfies } from 'semver';
import { describe, expect, it } from 'vitest';
import { type Constraint, type ConstraintSubject, parseConstraint } from '../src/terraform/constraint.ts';

function parse(text: string, subject: ConstraintSubject = 'module'): Constraint {
  const constraint = parseConstraint(text, subject);
  if ('error' in constraint) throw new Error(constraint.error);
  return constraint;
}

describe('parseConstraint', () => {
  it.each([
    ['1.2.3', '1.2.3'],
    ['= 1.2', '1.2.0'],
    ['v1.2.3', '1.2.3'],
    ['>=1', '>=1.0.0'],
    ['> 1.2.3', '>=1.2.4'],
    ['<= 1.2', '>=0.0.0 <1.2.1'],
    ['< 2', '>=0.0.0 <2.0.0'],
    ['~> 2.5', '>=2.5.0 <3.0.0'],
    ['~> 2.5.0', '>=2.5.0 <2.6.0'],
    ['~>2.5.3', '>=2.5.3 <2.6.0'],
    [' >= 2.5 , != 2.8.0,< 3 ', '>=2.5.0 <2.8.0 || >=2.8.1 <3.0.0'],
    ['!= 1.0.0', '>=0.0.0 <1.0.0 || >=1.0.1'],
    ['>= 1.2.3, <= 1.2.3', '1.2.3'],
    ['1.0.0-beta.1', '1.0.0-beta.1'],
    ['>= 1.0.0-beta.1', '>=1.0.0'],
    ['> 2, < 1', '<0.0.0-0'],
  ])('%s is %s', (text, range) => {
    expect(parse(text).toRange()).toBe(range);
  });

  // go-version compares the numbers before the last one, of which `~> 2` has none; go-versions ends before 3.
  it('reads ~> 2 as Terraform does for modules and for providers', () => {
    expect(parse('~> 2').toRange()).toBe('>=2.0.0');
    expect(parse('~> 2', 'provider').toRange()).toBe('>=2.0.0 <3.0.0');
  });

  it.each([
    '',
    '1 || 2',
    '>= 1,',
    '^1.2',
    '1.x',
    '*',
    '=> 1',
    '>= 1 < 2',
    '1.2.3.4',
    '99999999999999999999',
    'latest',
  ])('refuses "%s"', (text) => {
    expect(parseConstraint(text)).toHaveProperty('error');
  });

  it.each(['v1.2', '>=  1.2'])('refuses "%s" for a provider only', (text) => {
    expect(parseConstraint(text, 'provider')).toHaveProperty('error');
    expect(parseConstraint(text, 'module')).not.toHaveProperty('error');
  });

  it('refuses a text of any length in time', () => {
    expect(parseConstraint('>= 1.0,'.repeat(100_000))).toHaveProperty('error');
    expect(parseConstraint(Array.from({ length: 99 }, (_, at) => `!= 1.${at}`).join(','))).not.toHaveProperty(
      'error',
    );
  });
});

describe('Constraint', () => {
  it('admits a prerelease only where it is named', () => {
    expect(parse('>= 1.0.0').admits('2.0.0-rc.1')).toBe(false);
    expect(parse('= 2.0.0-rc.1').admits('2.0.0-rc.1')).toBe(true);
    expect(parse('= 2.0.0-rc.1').admits('2.0.0')).toBe(false);
    expect(parse('= 2.0.0-rc.1, < 3.0.0').empty).toBe(true);
    expect(parse('= 2.0.0-rc.1, < 3.0.0', 'provider').admits('2.0.0-rc.1')).toBe(true);
    expect(parse('~> 2.0.0-rc.1').empty).toBe(true);
  });

  it('says nothing is admitted by what is no version', () => {
    expect(parse('>= 0').admits('latest')).toBe(false);
    expect(parse('>= 0').admitsFrom('latest')).toBe(false);
    expect(parse('>= 0').admitsBelow('latest')).toBe(false);
  });

  it.each([
    ['>= 2.5.0', true, true],
    ['~> 2.13', false, true],
    ['~> 2.12', true, true],
    ['~> 2.12.0', true, false],
    ['< 2.13.0', true, false],
    ['<= 2.13.0', true, true],
    ['2.13.0', false, true],
    ['> 2.12.9', true, true],
    ['>= 2.12.9, != 2.12.9, < 2.13.0', true, false],
    ['> 3, < 2', false, false],
  ])('%s admits something below 2.13.0: %s, from it on: %s', (text, below, from) => {
    expect(parse(text).admitsBelow('2.13.0')).toBe(below);
    expect(parse(text).admitsFrom('2.13.0')).toBe(from);
  });

  it.each([
    ['1.2.3', '1.2.3', false],
    ['>= 1.2.3', null, true],
    ['~> 1.2', null, false],
    ['~> 1', null, true],
    ['!= 1.2.3', null, true],
    ['>= 1.0, < 1.0.1', '1.0.0', false],
  ])('%s is pinned to %s and open-ended: %s', (text, pinned, openEnded) => {
    expect(parse(text).pinned).toBe(pinned);
    expect(parse(text).openEnded).toBe(openEnded);
  });

  it('chooses the newest version that it admits', () => {
    const versions = ['1.9.0', '2.0.0', '1.10.0', '2.1.0-rc.1', '1.10.0-rc.1'];
    expect(parse('~> 1.0').newestAdmitted(versions)).toBe('1.10.0');
    expect(parse('>= 1').newestAdmitted(versions)).toBe('2.0.0');
    expect(parse('>= 3').newestAdmitted(versions)).toBe(null);
  });

  it('gives a range that admits what it admits', () => {
    const versions = [
      '0.1.0',
      '1.0.0',
      '1.2.3',
      '1.2.4',
      '2.5.0',
      '2.5.9',
      '2.6.0',
      '3.0.0',
      '3.0.0-rc.1',
      '2.5.0-beta',
    ];
    for (const text of [
      '~> 2.5',
      '~> 2.5.0',
      '!= 1.2.3',
      '> 1.2.3, < 3',
      '1.2.3',
      '>= 1, != 2.5.0',
      '2.5.0-beta',
      '> 4, < 1',
    ]) {
      const constraint = parse(text);
      const admitted = versions.filter((version) => constraint.admits(version));
      expect(versions.filter((version) => satisfies(version, constraint.toRange()))).toEqual(admitted);
    }
  });
});
