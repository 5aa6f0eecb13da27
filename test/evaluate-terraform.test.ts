import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Expression, walkExpression } from '../src/hcl/syntax.ts';
import { SourceFile } from '../src/source/source-file.ts';
import { evaluate, type Scope } from '../src/terraform/evaluate.ts';
import { entriesInOrder, inOrder } from '../src/terraform/order.ts';
import { isInvalid, isWhollyKnown, unknown, type Value } from '../src/terraform/value.ts';
import { parser } from './support/hcl.ts';
import { hasTerraform, terraform } from './support/terraform.ts';

/**
 * One expression in two spellings: what Terraform gets, and what we get, where some literals are hidden
 * behind the name `hidden`, of which we know nothing. Our answer must be Terraform's all the same, or unknown.
 */
interface Spelling {
  readonly theirs: string;
  readonly ours: string;
}

const NUMBER = Number(process.env.EVALUATE_RUNS ?? 800);
const SEED = Number(process.env.EVALUATE_SEED ?? 20261121);

const spell = (text: string): Spelling => ({ theirs: text, ours: text });

/** Fills the `%`s of a form, as in `max(%, %)`, with the spellings of its parts. */
function fill(form: string, parts: readonly Spelling[]): Spelling {
  const pieces = form.split('%');
  const filled = (side: keyof Spelling) =>
    pieces.map((piece, at) => piece + (parts[at]?.[side] ?? '')).join('');
  return { theirs: filled('theirs'), ours: filled('ours') };
}

type Kind = 'number' | 'text' | 'bool' | 'list' | 'map' | 'any';
/** Texts in a language of their own, which are made of its pieces. */
type Written = 'digits' | 'pattern' | 'replacement' | 'layout' | 'json';

/** What expressions of each kind are made of; each letter in brackets names the kind of a part. */
const FORMS: Record<Kind, readonly string[]> = {
  number: [
    '(<n> + <n>)',
    '(<n> - <n>)',
    '(<n> * <n>)',
    '(<n> / <n>)',
    '(<n> % <n>)',
    '(-<n>)',
    '(<b> ? <n> : <n>)',
    'length(<l>)',
    'length(<m>)',
    'length(<t>)',
    'min(<n>, <n>)',
    'max(<n>, <t>)',
    'abs(<n>)',
    'ceil(<n>)',
    'floor(<n>)',
    'signum(<n>)',
    'sum(<l>)',
    'index(<l>, <a>)',
    'tonumber(<t>)',
    'max(<l>...)',
    '<l>[<n>]',
    'length(toset(<l>))',
    'ceil(<n> / <n>)',
    'floor(<n> * 0.7)',
    'length(keys(<m>))',
    'sensitive(<n>)',
    '(<t> + <n>)',
    '(<t> * <t>)',
    '(-<t>)',
    '(<n> % <t>)',
    'tonumber(<d>)',
    '(<d> + 0)',
    'abs(<d>)',
    'signum(<t>)',
    'max(<n>, <n>, <n>)',
    'min(<l>...)',
    'sum(<l>...)',
    'length(split(<t>, <t>))',
    'length(regexall(<p>, <t>))',
    'index(<l>, <n>)',
    '<l>.0',
    '<l>[<t>]',
    'element(<l>, <n>)',
    'length({ for k, v in <m> : v => k... })',
    'jsondecode(<d>)',
    'try(tonumber(<d>), <n>)',
    'core::abs(<n>)',
    '<m>["a"]',
    'length(format(<f>, <a>))',
    'one([<n>])',
    'ceil(<d>)',
    'floor(-<n> / <n>)',
    'length(distinct(<l>))',
    'sum([for v in <l> : v])',
    'parseint(<d>, 10)',
    '(<n> + <n> - <n>)',
    '(<n> * <n> / <n>)',
    'floor((<n> - <n>) * <n>)',
    'sum([<n>, <n>, <n>])',
  ],
  text: [
    '"x${<a>}y"',
    '"${<a>}"',
    '"%%{ if <b> }yes%%{ else }${<a>}%%{ endif }"',
    '"%%{ for v in <l> }${v},%%{ endfor }"',
    'upper(<t>)',
    'lower(<t>)',
    'title(<t>)',
    'trimspace(<t>)',
    'trim(<t>, <t>)',
    'trimprefix(<t>, <t>)',
    'trimsuffix(<t>, <t>)',
    'chomp(<t>)',
    'substr(<t>, <n>, <n>)',
    'replace(<t>, <t>, <t>)',
    'replace(<t>, "/[a-c]+/", <t>)',
    'join(<t>, <l>)',
    'join(",", <l>, <l>)',
    'format("%%s-%%v", <a>, <a>)',
    'format("%%d|%%5d|%%-4d|%%03d", <n>, <n>, <n>, <n>)',
    'format("%%q %%t", <t>, <b>)',
    'format("%%x %%X %%o %%b", <n>, <n>, <n>, <n>)',
    'format("%%5s|%%-5s|%%.2f|%%f", <t>, <t>, <n>, <n>)',
    'format(<t>, <a>)',
    'jsonencode(<a>)',
    'base64encode(<t>)',
    'base64decode(base64encode(<t>))',
    'tostring(<a>)',
    'coalesce(<t>, <t>)',
    'strrev(<t>)',
    'indent(<n>, <t>)',
    '(<b> ? <t> : <t>)',
    '(<b> ? <n> : <t>)',
    'regex("[a-z]+", <t>)',
    'regex("^([a-z]*)-?([0-9]+)?", <t>)[0]',
    'lookup(<m>, <t>, <t>)',
    'element(<l>, <n>)',
    '<m>[<t>]',
    '<m>.a',
    'one(<l>)',
    'try(<m>.b, <t>)',
    'trimspace(" ${<t>} ")',
    'sensitive(<t>)',
    'nonsensitive(sensitive(<t>))',
    '"${<t>}${<n>}"',
    '"  ${~ <t> ~}  "',
    '"a %%{~ if <b> ~} b %%{~ endif ~} c"',
    '"%%{ for k, v in <m> ~} ${k}=${v} %%{ endfor }"',
    '"%%{ for i, v in <l> }${i}%%{ if v != <a> },%%{ endif }%%{ endfor }"',
    '"$${${<t>}} %%%%{ }"',
    'format(<f>, <a>)',
    'format(<f>, <a>, <a>)',
    'format(<f>, <l>...)',
    'format(<f>)',
    'jsonencode(jsondecode(<j>))',
    'tostring(<d>)',
    'regex(<p>, <t>)',
    'regex(<p>, <t>)[0]',
    'regex(<p>, <t>).n',
    'replace(<t>, "/${<p>}/", <r>)',
    'replace(<t>, <p>, <r>)',
    'base64decode(<t>)',
    'join(<t>, <l>...)',
    'upper("${<a>}-${<t>}")',
    'coalesce(<l>...)',
    'coalesce(<t>, <a>)',
    'tostring(<n>)',
    'tostring(<b>)',
    '"${<n>}"',
    '<t>[0]',
    'substr(<t>, <n>, -1)',
    'title(lower(<t>))',
    'trimspace("\\t${<t>}\\n ")',
    'chomp("${<t>}\\r\\n\\n")',
    'lookup(<m>, "a")',
    'lookup(<m>, <t>, null)',
    'one(toset(<l>))',
    'element(split(<t>, <t>), <n>)',
    'jsonencode(tolist(<l>))',
    'jsonencode(toset(<l>))',
    'jsonencode(tomap(<m>))',
    '(<b> ? <t> : null)',
    'core::upper(<t>)',
    'try(regex(<p>, <t>), <t>)',
    'basename(<t>)',
    'strrev("é${<t>}")',
    'format("%%4s|%%-3s|%%4q", <t>, <t>, <t>)',
    '(<b> ? <t> : <a>)',
    '"%%{ for k, v in <m> ~} ${k} %%{~ if v == <a> ~} = %%{ else ~} ${v} %%{~ endif ~} ; %%{~ endfor }"',
    'jsonencode({ for k, v in <m> : k => v... })',
  ],
  bool: [
    '(<n> < <n>)',
    '(<n> >= <n>)',
    '(<a> == <a>)',
    '(<a> != <a>)',
    '(<l> == <l>)',
    '(<m> == <m>)',
    '(<b> && <b>)',
    '(<b> || <b>)',
    '(!<b>)',
    'contains(<l>, <a>)',
    'startswith(<t>, <t>)',
    'endswith(<t>, <t>)',
    'strcontains(<t>, <t>)',
    'can(<a>)',
    'can(<m>.b)',
    'tobool(<t>)',
    'alltrue([<b>, <b>])',
    'anytrue([<b>, <b>])',
    'alltrue(<l>)',
    'can(regex("^[a-z]+$", <t>))',
    '(<t> == <t>)',
    '(<b> ? <b> : <b>)',
    '(<a> == null)',
    '(toset(<l>) == toset(<l>))',
    '(tolist(<l>) == <l>)',
    'sensitive(<b>)',
    '(<t> < <n>)',
    '(<n> <= <n>)',
    '(<t> > <t>)',
    '(<n> == <n>)',
    '(<n> == <t>)',
    '(<t> && <b>)',
    '(!<t>)',
    '(<l> == null)',
    '(<m> != null)',
    'can(regex(<p>, <t>))',
    'can(tonumber(<d>))',
    '(tonumber(<d>) == <n>)',
    'can(<l>[<n>])',
    'can(<m>[<t>])',
    'can(<n> + <t>)',
    'can(tolist(<l>))',
    'can(jsondecode(<j>))',
    'anytrue(<l>)',
    'anytrue([for v in <l> : v == <a>])',
    'alltrue([for k, v in <m> : can(v.a)])',
    'contains(keys(<m>), <t>)',
    'contains(toset(<l>), <a>)',
    '(tomap(<m>) == <m>)',
    '(setunion(<l>) == toset(<l>))',
    '(jsondecode(<j>) == <a>)',
    '([<a>] == [<a>])',
    '({ a = <a> } == { a = <a> })',
    '(<b> == <t>)',
    '(<b> ? true : null)',
    'tobool(<n>)',
    '(regexall(<p>, <t>) == [])',
    '(<n> + <n> > <n>)',
    '(<n> - <n> == <n>)',
    '(<n> / <n> <= <n>)',
    '((<b> ? <l> : <l>) == <l>)',
    '((<b> ? <m> : <m>) == <m>)',
    'can([for v in <l> : v.a])',
  ],
  list: [
    '[]',
    '[<a>]',
    '[<a>, <a>]',
    '[<n>, <n>, <n>]',
    '[<t>, <t>, <t>]',
    '[<l>, <l>]',
    '[<m>, <m>]',
    'concat(<l>, <l>)',
    'distinct(<l>)',
    'flatten([<l>, <a>])',
    'flatten(<l>)',
    'compact(<l>)',
    'reverse(<l>)',
    'sort(<l>)',
    'slice(<l>, 0, <n>)',
    'range(<n>)',
    'range(<n>, <n>)',
    'range(0, 6, <n>)',
    'keys(<m>)',
    'values(<m>)',
    'split(<t>, <t>)',
    'tolist(<l>)',
    'toset(<l>)',
    'setunion(<l>, <l>)',
    'setintersection(<l>, <l>)',
    'setsubtract(<l>, <l>)',
    'coalescelist(<l>, <l>)',
    'chunklist(<l>, <n>)',
    'formatlist("%%s!", compact(<l>))',
    'formatlist("%%s-%%s", compact(<l>), <t>)',
    '[for v in <l> : v]',
    '[for k, v in <m> : "${k}=${v}"]',
    '[for i, v in <l> : i if v != <a>]',
    '[for v in <l> : upper(v)]',
    '[for v in <m> : v]',
    '<l>[*]',
    '<m>[*].a',
    '[<m>, <m>][*].a',
    '[<m>, <m>].*.a',
    '(<b> ? <l> : <l>)',
    'tolist(toset(<l>))',
    'regexall("[a-z]", <t>)',
    'jsondecode(jsonencode(<l>))',
    'try(<a>, <l>)',
    'coalesce(<l>, <l>)',
    'toset([for v in <l> : v])',
    'sensitive(<l>)',
    '[for v in sensitive(<l>) : v]',
    '[<n>, <t>, <b>]',
    '[<a>, <a>, <a>,]',
    '[for i, v in <l> : i]',
    '[for k, v in toset(<l>) : "${k}:${v}"]',
    '[for k, v in <m> : v if can(v + 1)]',
    '[for v in <l> : [for w in <l> : [v, w] if w != v]]',
    '[for v in <l> : v if v]',
    '[for v in <l> : v.a]',
    '<l>[*][0]',
    '<l>[*][*]',
    '<l>.*',
    '<m>.*',
    '<l>[*].a[0]',
    '[<m>].*.a[0]',
    '<a>[*]',
    '[<l>, <l>][*][<n>]',
    'regex(<p>, <t>)',
    'regexall(<p>, <t>)',
    'split(<t>, "${<t>}${<t>}${<t>}")',
    'slice(<l>, <n>, <n>)',
    'slice(<l>, <n>, length(<l>))',
    'concat(<l>, <l>, <l>)',
    'concat(<l>...)',
    'concat([<l>, <l>]...)',
    'concat(<l>)',
    'flatten([<l>, [<l>, <m>]])',
    'distinct(concat(<l>, <l>))',
    'sort(keys(<m>))',
    'sort([<t>, <t>, <t>])',
    'reverse(toset(<l>))',
    'chunklist([<a>, <a>, <a>], <n>)',
    'compact([<t>, <t>, null])',
    'setintersection(<l>, <l>, <l>)',
    'setsubtract(<l>, [<a>])',
    'setunion(<l>)',
    'setproduct(<l>, <l>)',
    'tolist([<a>, <a>])',
    'toset([<a>, <a>])',
    'values(tomap(<m>))',
    'keys({ (<t>) = 1, (<t>) = 2 })',
    'range(<n>, <n>, <n>)',
    'range(<t>)',
    'formatlist(<f>, <l>)',
    'formatlist(<f>, <l>, <l>)',
    'formatlist("%%s=%%s", <l>, <a>)',
    'formatlist(<f>)',
    'jsondecode(<j>)',
    'tolist(jsondecode(<j>))',
    'coalescelist(<l>, <l>, <l>)',
    '[for v in jsondecode(<j>) : v]',
    'one([<l>])',
    'lookup({ a = <l> }, <t>, <l>)',
    'matchkeys(<l>, <l>, <l>)',
    '(<b> ? <l> : [])',
    '(<b> ? tolist(<l>) : <l>)',
    '(<b> ? toset(<l>) : <l>)',
    '(<b> ? <l> : null)',
    'values({ x = <l> })[0]',
    '(<b> ? [<a>, <a>] : [<a>])',
    '(<b> ? [<a>, <a>] : [<a>, <a>])',
    'tolist([{ a = <a> }, { a = <a>, b = <a> }])',
    'tolist([[<a>], [<a>, <a>]])',
    'toset([{ a = <a> }, { a = <a> }])',
    '[for k, v in { for k, v in <m> : "${v}" => k... } : v]',
    '[for v in (<b> ? <l> : <l>) : v]',
    'concat(tolist(<l>), tolist(<l>))',
    'flatten([for v in <l> : [for k, w in <m> : { v = v, k = k }]])',
    'toset(<l>)[*].a',
  ],
  map: [
    '{}',
    '{ a = <a> }',
    '{ a = <n>, b = <n> }',
    '{ a = <t>, "b c" = <t> }',
    '{ (<t>) = <a>, a = <n> }',
    '{ a = <l> }',
    '{ a = <m> }',
    'merge(<m>, <m>)',
    'tomap(<m>)',
    'zipmap(["a", "b"], [<a>, <a>])',
    'zipmap(<l>, <l>)',
    '{ for v in <l> : v => 1 }',
    '{ for k, v in <m> : k => v if v != null }',
    '{ for k, v in <l> : v => k... }',
    '(<b> ? <m> : <m>)',
    'jsondecode(jsonencode(<m>))',
    '{ for k, v in <m> : "${k}!" => v }',
    'merge(<m>, null, { a = <a> })',
    'try(<m>, {})',
    'lookup({ x = <m> }, <t>, <m>)',
    'lookup(tomap({ x = <m> }), "y", <m>)',
    'sensitive(<m>)',
    '{ "${<t>}" = <a> }',
    '{ "a" : <a>, b : <n> }',
    '{ true = <a>, 1 = <a> }',
    '{ (<n>) = <t>, (<b>) = <t> }',
    '{ (<t>) = <a>, (<t>) = <a> }',
    '{ a = { a = <a> }, x = [<m>] }',
    '{ for i, v in <l> : i => v }',
    '{ for i, v in <l> : i => v if i > 0 }',
    '{ for v in <l> : "k" => v... }',
    '{ for v in <l> : v => v... if v != null }',
    '{ for k, v in <m> : v => k }',
    '{ for k, v in { for i, v in <l> : i => v } : v => k... }',
    'merge(<m>, <m>, <m>)',
    'merge([<m>, <m>]...)',
    'merge()',
    'merge(<m>)',
    'merge(tomap(<m>), <m>)',
    'merge(tomap(<m>), tomap(<m>))',
    'tomap({ a = <a>, b = <a> })',
    'tomap(merge(<m>, <m>))',
    'zipmap(keys(<m>), values(<m>))',
    'zipmap(<l>, range(length(<l>)))',
    'zipmap(["a"], tolist([<a>]))',
    'jsondecode(<j>)',
    'tomap(jsondecode(<j>))',
    'regex("(?P<nn>[a-z]+)(?P<mm>[0-9]*)", <t>)',
    '(<b> ? <m> : {})',
    '(<b> ? tomap(<m>) : <m>)',
    '(<b> ? <m> : null)',
    '<l>[0]',
    'try(jsondecode(<j>), <m>)',
    'element([<m>, <m>], <n>)',
    'one([<m>])',
    'values({ x = <m> })[0]',
    'transpose(<m>)',
    '(<b> ? { a = <a>, b = <a> } : { a = <a> })',
    '(<b> ? { a = <a>, b = <a> } : { b = <a>, a = <a> })',
    '(<b> ? tomap({ a = <a> }) : { b = <a> })',
    'merge([for v in <l> : { (v) = <a> }]...)',
    'merge((<b> ? <m> : <m>), { a = <a> })',
    'tomap({ for k, v in <m> : k => [v] })',
    'tomap({ a = { a = <a> }, b = { a = <a> } })',
    'lookup(tomap({ x = { a = <a> } }), <t>, { a = <a> })',
    '{ for v in <l> : "${v}" => <a>... }',
    '{ for k, v in <m> : k => try(v.a, v[0], <a>) }',
  ],
  any: [
    '<n>',
    '<t>',
    '<b>',
    '<l>',
    '<m>',
    '(<b> ? <a> : <a>)',
    'try(<a>, <a>)',
    'coalesce(<a>, <a>)',
    'tonumber(<a>)',
    'tobool(<a>)',
    '<l>[0]',
    '<l>[<n>]',
    '<m>[<t>]',
    'jsondecode(<j>)',
    'lookup(<m>, <t>, <a>)',
    'element(<l>, <n>)',
    'one(<l>)',
    'coalesce(<a>, <a>, <a>)',
    'try(<a>, <a>, <a>)',
    '(<a>)',
    'flatten(<a>)',
    'length(<a>)',
    '[for v in <a> : v]',
    '{ for k, v in <a> : k => v }',
    '"${<a>}"',
    '<a>.a',
    '<a>[*].a',
  ],
};

const LEAVES: Record<Kind, readonly string[]> = {
  number: [
    '0',
    '1',
    '2',
    '3',
    '7',
    '10',
    '-1',
    '0.5',
    '1.25',
    '100',
    '0.1',
    '12345678',
    '-4',
    '1e3',
    '1.5e-3',
    '-0',
    '0.30000000000000004',
    '9007199254740993',
    '1e25',
    '1024',
    '64',
    '0.5e1',
    '-0.5',
    '1000000',
    '0.0001',
    '0.2',
    '0.3',
    '1e16',
    '1e-200',
    '1e300',
    '1e-400',
    '1.9999999999999999999',
  ],
  text: [
    '""',
    '"a"',
    '"b"',
    '"abc"',
    '"a-1"',
    '"1"',
    '"true"',
    '"10"',
    '"x y"',
    '"B,a,c"',
    '" t\\n"',
    '"é<&>"',
    '","',
    '"a.b.c"',
    '"1.50"',
    '"-"',
    '"a b,c;d"',
    '"0"',
    '"false"',
    '"-1"',
    '"1e2"',
    '" "',
    '"aXbXc"',
    '"日本"',
    '"e\\u0301"',
    '"😀a"',
    '"a\\nb"',
    '"line\\r\\n"',
    '"Ünï"',
    '"[1]"',
    '"$"',
    '"a1b22c333"',
    '"👨‍👩‍👧"',
    '"ß"',
    '"ǆ"',
    '"\\u0301a"',
    '"1e400"',
    '"0.1"',
    '"<tag>"',
    '"%s"',
  ],
  bool: ['true', 'false', '"true"', '"0"'],
  list: [
    '[]',
    '["a", "b"]',
    '[1, 2, 3]',
    '[3, "a", true]',
    '["b", "a", "b"]',
    '[null, "a"]',
    'tolist(["b", "a"])',
    'toset(["b", "a"])',
    '[true, false]',
    'tolist([1, 2])',
    '["", "x"]',
    'tolist([])',
    'toset([])',
    'tolist([{ a = 1 }, { a = 2 }])',
    'toset(null)',
    'tolist(null)',
    'null',
    '[[1], [2, 3]]',
    '[{ a = 1 }, { a = "x" }, { b = 2 }]',
    'tolist(["1", "2"])',
    'toset([1, 2, 10])',
    '[1, "1", 1.0]',
    '[0.5, -1]',
    '["é", "e", "z"]',
    'toset([["a"], ["b"]])',
    'tolist([null, "x"])',
    '[null]',
  ],
  map: [
    '{}',
    '{ a = 1, b = "x" }',
    '{ b = true, a = null }',
    'tomap({ a = "1", b = "2" })',
    '{ a = "x" }',
    '{ a = [1], b = {} }',
    '{ x = { a = 1 }, a = 2 }',
    'tomap({})',
    'tomap(null)',
    'null',
    '{ a = null }',
    'tomap({ a = [1], b = [] })',
    '{ "1" = "x", "é" = 2 }',
    'tomap({ a = true })',
    '{ a = { a = { a = 1 } } }',
    'tomap({ a = null })',
  ],
  any: [
    'null',
    '1',
    '"a"',
    'true',
    '[]',
    '{}',
    'tostring(null)',
    'tonumber(null)',
    '{ a = 1 }',
    '["a", 1]',
    'tolist(["a"])',
    'toset(["a"])',
    'tomap({ a = "1" })',
    '"true"',
    '1.5',
    'tobool(null)',
    'tolist(null)',
    'tomap(null)',
  ],
};

const KINDS: Record<string, Kind> = { n: 'number', t: 'text', b: 'bool', l: 'list', m: 'map', a: 'any' };

/** One to five pieces in a row. */
const piecesOf = (...pieces: string[]) =>
  fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));

const WRITTEN: Record<Written, fc.Arbitrary<string>> = {
  digits: piecesOf('0', '1', '9', '25', '.', '-', '+', 'e', 'E2', '_', ' ', 'x', 'p1', 'Inf', '007'),
  pattern: piecesOf(
    ...[
      'a',
      'b',
      '-',
      ' ',
      '.',
      '\\.',
      '\\d',
      '\\w',
      '\\s',
      '[a-c]',
      '[^a-c]',
      '[0-9]+',
      '[\\w-]',
      '.*',
      '.+?',
    ],
    ...[
      '^',
      '$',
      '|',
      '*',
      '+',
      '?',
      '{2}',
      '{0,1}',
      '(a|b)',
      '(',
      ')',
      '(?:b)',
      '(?P<n>[a-z]+)',
      '(\\d+)?',
      '\\b',
    ],
  ),
  replacement: piecesOf('', 'x', '$1', '${1}', '$$', '$0', '$n', '-', '\\', '$'),
  layout: piecesOf(
    ...[
      '%s',
      '%v',
      '%d',
      '%q',
      '%t',
      '%f',
      '%x',
      '%%',
      '%5s|',
      '%-4d|',
      '%03d',
      '%+d',
      '%.1f',
      '%8.3f',
      '%e',
      '%g',
    ],
    ...['% d', '%#x', '%#v', '%[1]s', '%*d', '%05s', '%.2s', '%', 'a', 'é'],
  ),
  json: fc.oneof(
    fc.json({ maxDepth: 2 }),
    piecesOf(
      '[',
      ']',
      '{',
      '}',
      '"a"',
      '"a":',
      ',',
      '1',
      '-0',
      '1.50',
      '1e2',
      '01',
      'null',
      'true',
      ' ',
      '\n',
      '"\\u00e9"',
    ),
  ),
};

const WRITTEN_KINDS: Record<string, Written> = {
  d: 'digits',
  p: 'pattern',
  r: 'replacement',
  f: 'layout',
  j: 'json',
};

/** A text as a quoted string of HCL, which knows fewer escapes than JSON. */
function quoted(text: string): string {
  const codes: Record<string, string> = { '\\b': '\\u0008', '\\f': '\\u000c' };
  return JSON.stringify(text)
    .replace(/\\./g, (pair) => codes[pair] ?? pair)
    .replace(/[$%](?=\{)/g, '$&$&');
}

/** An expression of a kind, at most `depth` calls deep; sometimes of another kind, so that errors occur. */
function expression(kind: Kind, depth: number): fc.Arbitrary<Spelling> {
  const leaf = fc
    .tuple(fc.constantFrom(...LEAVES[kind]), fc.integer({ min: 0, max: 11 }))
    .map(([text, chance]) => (chance === 0 ? { theirs: text, ours: 'hidden' } : spell(text)));
  if (depth === 0) return leaf;
  const formed = fc.constantFrom(...FORMS[kind]).chain((form) => {
    const parts = [...form.matchAll(/<(\w)>/g)].map(([, letter = '']) => {
      const written = WRITTEN_KINDS[letter];
      return written === undefined
        ? expression(KINDS[letter] as Kind, depth - 1)
        : WRITTEN[written].map((text) => spell(quoted(text)));
    });
    return fc.tuple(...parts).map((spellings) => {
      // `%%` is a percent sign and `<n>` a part; the remainder operator stands between spaces.
      const bare = form.replace(/%%/g, '\u0001').replace(/ % /g, ' \u0001 ').replace(/<\w>/g, '%');
      const { theirs, ours } = fill(bare, spellings);
      return { theirs: theirs.replaceAll('\u0001', '%'), ours: ours.replaceAll('\u0001', '%') };
    });
  });
  const other = expression('any', depth - 1);
  return fc.oneof(
    { weight: 2, arbitrary: leaf },
    { weight: 9, arbitrary: formed },
    { weight: 1, arbitrary: other },
  );
}

/** What other seeds found once. */
const MISSES: readonly Spelling[] = [
  ...[
    'setsubtract(["a", "b"], toset(["b", "a"]))[*][min(0.5 - 3, 2)]',
    'merge(tobool(null), { b = [0] })',
    'merge(null, tonumber(null))',
    'merge(tomap(null), null) == {}',
    'merge(tomap({}), null) == {}',
    'merge(tomap({ a = "1" }), tomap({ b = "2" }), null) == tomap({ a = "1", b = "2" })',
    '(["", "x"] != 0) ? merge(tomap({ a = "1" }), tomap({ a = "1" })) : 1',
    'false ? { for v in ["b", "a", "b"] : v => 1 } : merge({ a = [1], b = {} }, { a = "x" })',
    'coalesce(range(3, 1), flatten(coalescelist([1, 2], tolist(null))))',
    'coalescelist(tolist(null), [1])',
    'coalescelist([1], null)',
    'coalescelist([1], toset(null))',
    'false ? toset(null) : [1, "a"]',
    'true ? toset(null) : [1, "a"]',
    'tolist([])[*].a',
    'format("%.2f|%f", -0.5, -0)',
    '[{ a = [1, 2] }, { a = [3, 4] }].*.a.0',
    '[{ a = [{ b = 1 }] }, { a = [{ b = 2 }] }].*.a.0.b[1]',
    '"  ${~ 1 ~}  "',
    'tonumber("Inf")',
    'can(tonumber("-inf"))',
    'jsondecode("1]")',
    'can(jsondecode("{} }"))',
    'element(["a"], 1e25)',
    'substr("abc", 1e25, -1)',
    'chunklist(["a"], 1e25)',
    'signum(1e25)',
    'coalesce(1, null, true)',
    'coalesce(tomap(null), ["a", 1], null)',
    'coalesce(["a", 1], one(distinct(concat([], []))), "b")',
    'merge(true ? null : { a = 1 })',
    'merge(null, [])',
    'false ? [for v in ["a"] : v if v != coalesce({}, [])] : []',
    'false ? tomap({ a = 1 })["${[]}"] : {}',
    'flatten([formatlist("%[1]s", ["a", "b"]), null])[2]',
    'setsubtract([null], [tolist(null)])',
    'setunion([null], [])',
    'false ? tomap(null) : { a = "x", b = tolist(null) }',
    'sort([])[*][*]',
    'toset([])[*][0][tonumber("a")]',
    '[][*][0][tonumber("a")]',
    'range(10, 10, 0)',
    'sort(regexall("(a|b)c", ""))',
    'sort(regexall("(?P<n>a)", ""))',
    'lookup(tomap({ x = tomap({}) }), "y", "z")',
    '1e-400 == 0',
    'tonumber("1${format("%0400d", 0)}")',
    '1e-200 * 1e-200 * 1e300 < 1e-200',
    '0.1 + 0.2 - 0.3 > 0',
    'max(1e17 + 5 - 1e17, 1)',
    'sum([0.1, 0.2, 5]) > 1',
    'toset([0, -0])',
    'toset([[0], [-0]])',
    'floor(1.9999999999999999999)',
    'format("%2s", "😀")',
    'format("%5q|", "é😀")',
    'jsondecode("{\\"e\\\\u0301\\":1}")',
    'compact(setsubtract(toset([]), toset([[], []])))',
    'true ? 3 : format("% d%#x", ["a", 1], tolist(null))',
    'true ? 3 : substr("abc", 1e25, 1)',
    'replace("abc", "/(b)/", "$1é")',
    'setintersection(regexall("(a|b)(c)", ""), ["a"], tolist([])[*][*][0])',
    'toset([]) == toset(false ? [for v in toset([["a"], ["b"]]) : v] : [])',
    'true ? 1.5 : format("%s", replace("a", "/{2}/", ""))',
    'can(sort(tolist([null, "x"])[*][*]))',
    'true ? merge(tomap(tomap(null)), tomap({ a = "1" })) : { b = {} }',
    'tobool(true ? null : tonumber("1.2.3e5"))',
  ].map(spell),
  {
    theirs: '"0" != tobool((true ? tonumber(null) : ""))',
    ours: '"0" != tobool((true ? tonumber(null) : hidden))',
  },
  {
    theirs: 'false ? coalesce(100, tonumber("a")) : tobool(null)',
    ours: 'hidden ? coalesce(100, tonumber(hidden)) : tobool(null)',
  },
  {
    theirs: '(true ? toset(["b", "a"]) : split(",", "a"))[0]',
    ours: '(true ? toset(["b", "a"]) : split(hidden, "a"))[0]',
  },
  {
    theirs: 'true ? { x = { a = 1 }, a = 2 } : tomap(null)',
    ours: 'hidden ? { x = { a = 1 }, a = 2 } : tomap(null)',
  },
];

/** JSON of the value in a list of one, "ERR" where Terraform refuses, null where it does not know. */
function askTerraform(expressions: readonly string[]): (string | null)[] {
  const folder = mkdtempSync(join(tmpdir(), 'tasks-lint-console-'));
  try {
    return batches(expressions).flatMap((batch) => askBatch(batch, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The console reads lines of up to 64 KiB. */
function batches(expressions: readonly string[]): string[][] {
  const all: string[][] = [[]];
  let length = 0;
  for (const expression of expressions) {
    length += expression.length + 40;
    if (length > 50_000) {
      all.push([]);
      length = expression.length + 40;
    }
    all.at(-1)?.push(expression);
  }
  return all;
}

/** The console prints one value for its whole input, so a batch goes into one; what spoils it is looked for by halves. */
function askBatch(batch: readonly string[], cwd: string): (string | null)[] {
  const wrapped = batch.map(
    (expression) => `try(nonsensitive(jsonencode([${expression}])), jsonencode([${expression}]), "ERR")`,
  );
  const { status, stdout } = terraform(['console'], { cwd, input: `jsonencode([${wrapped.join(',')}])\n` });
  const output = stdout.trim();
  if (status === 0 && output.startsWith('"')) {
    try {
      return JSON.parse(JSON.parse(output) as string) as string[];
    } catch {
      // Escapes of HCL that JSON has not.
    }
  }
  if (batch.length === 1) return [null];
  const middle = batch.length >> 1;
  return [...askBatch(batch.slice(0, middle), cwd), ...askBatch(batch.slice(middle), cwd)];
}

const scope: Scope = {
  resolve: (root) => (root === 'hidden' ? { value: unknown('it is hidden'), used: 0 } : null),
};

/** Where a value of ours and Terraform's JSON part, or null; unknown parts agree with everything. */
function difference(ours: Value, theirs: unknown, isHiding: boolean): string | null {
  switch (ours.kind) {
    case 'unknown':
      return isInvalid(ours) ? `we refuse a part: ${ours.reason.text}` : null;
    case 'null':
      return theirs === null ? null : 'null';
    case 'list':
      if (!Array.isArray(theirs) || theirs.length !== ours.elements.length) return 'the length';
      return firstOf(ours.elements.map((element, at) => difference(element, theirs[at], isHiding)));
    case 'set':
      return setDifference(ours, theirs, isHiding);
    case 'object': {
      if (typeof theirs !== 'object' || theirs === null || Array.isArray(theirs)) return 'an object';
      const given = new Map(Object.entries(theirs));
      if (given.size !== ours.entries.size) return 'the keys';
      return firstOf(
        entriesInOrder(ours).map(([key, value]) =>
          given.has(key) ? difference(value, given.get(key), isHiding) : `the key ${key}`,
        ),
      );
    }
    default:
      // A hidden branch that fails changes the type of what is chosen, from "1" to 1.
      if (ours.value === theirs || (isHiding && String(ours.value) === String(theirs))) return null;
      return `${JSON.stringify(ours.value)} is not ${JSON.stringify(theirs)}`;
  }
}

function setDifference(ours: Value & { kind: 'set' }, theirs: unknown, isHiding: boolean): string | null {
  if (!Array.isArray(theirs)) return 'a set';
  const isOpen = !isWhollyKnown(ours);
  if (isOpen) return theirs.length <= ours.elements.length ? null : 'the size';
  if (theirs.length !== ours.elements.length) return 'the size';
  const ordered = inOrder(ours);
  if (ordered !== null)
    return firstOf(ordered.map((element, at) => difference(element, theirs[at], isHiding)));
  return ours.elements.every((element) =>
    theirs.some((other) => difference(element, other, isHiding) === null),
  )
    ? null
    : 'the elements';
}

function firstOf(found: readonly (string | null)[]): string | null {
  return found.find((each) => each !== null) ?? null;
}

function parseText(text: string): Expression {
  const parsed = parser.parse(new SourceFile('main.tf', `x = [${text}]\n`));
  const [argument] = parsed.body.items;
  if (argument?.kind !== 'argument' || parsed.problems.length > 0) throw new Error(`not parsed: ${text}`);
  return argument.value;
}

/**
 * Whether some part of an expression is unknown to us. Such a part may fail in Terraform where it does not
 * matter to our answer, as in `false && hidden` or `length([unsupported()])`.
 */
function hasUnknownPart(text: string): boolean {
  let found = false;
  walkExpression(parseText(text), (part) => {
    const value = evaluate(part, scope);
    found ||= value.kind === 'unknown' && !isInvalid(value);
  });
  return found;
}

describe.runIf(hasTerraform)('evaluate, compared with terraform console', () => {
  it('tries every function that is supported', () => {
    const { stdout } = terraform(['metadata', 'functions', '-json']);
    const known = Object.keys((JSON.parse(stdout) as { function_signatures: object }).function_signatures);
    const forms = Object.values(FORMS).flat().join('\n');
    const untried = known.filter((name) => {
      if (name.startsWith('core::')) return false;
      const value = evaluate(parseText(`${name}()`), scope);
      const isSupported = isInvalid(value) || isWhollyKnown(value);
      return isSupported && !new RegExp(`\\b${name}\\(`).test(forms);
    });
    expect(untried).toEqual([]);
    expect(known).toContain('upper');
  });

  it('gives the value that Terraform gives, or unknown, never another', { timeout: 600_000 }, () => {
    const kinds = Object.keys(FORMS) as Kind[];
    const arbitrary = fc.constantFrom(...kinds).chain((kind) => expression(kind, 3));
    const spellings = [...MISSES, ...fc.sample(arbitrary, { seed: SEED, numRuns: NUMBER })];
    const answers = askTerraform(spellings.map(({ theirs }) => theirs));
    const wrong: string[] = [];
    const counts = { same: 0, refused: 0, partly: 0, unknown: 0, skipped: 0 };
    for (const [at, { ours, theirs }] of spellings.entries()) {
      const answer = answers[at] ?? null;
      const value = evaluate(parseText(ours), scope);
      if (answer === null) {
        counts.skipped++;
      } else if (isInvalid(value)) {
        counts.refused++;
        if (answer !== 'ERR')
          wrong.push(
            `${ours}\n  is ${answer}; refused: ${(value as { reason: { text: string } }).reason.text}`,
          );
      } else if (value.kind === 'list' && value.elements[0]?.kind === 'unknown') {
        counts.unknown++;
      } else if (answer === 'ERR') {
        if (isWhollyKnown(value) && !hasUnknownPart(ours))
          wrong.push(`${ours}\n  is refused; evaluated to ${JSON.stringify(value)}`);
      } else {
        const found = difference(value, JSON.parse(answer) as unknown[], ours !== theirs);
        if (found !== null)
          wrong.push(
            `${ours}\n${ours === theirs ? '' : `  = ${theirs}\n`}  is ${answer}; differs in ${found}`,
          );
        else if (isWhollyKnown(value)) counts.same++;
        else counts.partly++;
      }
    }
    process.stderr.write(`evaluate against terraform console: ${JSON.stringify(counts)}\n`);
    expect(wrong).toEqual([]);
    // Without this a broken generator or an evaluator that knows nothing would pass.
    expect(counts.same).toBeGreaterThan(NUMBER / 4);
    expect(counts.refused).toBeGreaterThan(NUMBER / 20);
  });
});
