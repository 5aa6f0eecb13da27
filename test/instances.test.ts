import { describe, expect, test } from 'vitest';
import { show, valueOfLocal } from './support/values.ts';

const RESOURCES = `
resource "null_resource" "two" {
  count    = 2
  triggers = { a = ["x", "y"] }
}
resource "null_resource" "one" {
  triggers = { a = ["x", "y"] }
}
resource "null_resource" "named" {
  for_each = toset(["k"])
  triggers = { a = ["x", "y"] }
}
resource "null_resource" "open" {
  count    = null_resource.one.id == "" ? 1 : 2
  triggers = { a = ["x", "y"] }
}
`;

describe('an attribute of', () => {
  test.each([
    ['one.triggers.a', '["x","y"]'],
    ['one[0].triggers', '!'],
    ['one[*].triggers.a', '[["x","y"]]'],
    ['one[*].triggers.a[0]', '["x"]'],
    ['one.*.triggers.a[0]', '["x","y"]'],
    ['one.*.triggers.a.0', '["x"]'],
    ['two[1].triggers.a[0]', '"x"'],
    ['two[2].triggers.a', '!'],
    ['two.triggers', '!'],
    ['two[*].triggers.a', '[["x","y"],["x","y"]]'],
    ['two[*].triggers.a[1]', '["y","y"]'],
    ['two.*.triggers.a[1]', '["x","y"]'],
    ['two[*].id', '[?,?]'],
    ['two[*].triggers.b', '!'],
    ['two[*].triggers[0]', '!'],
    ['named["k"].triggers.a[0]', '"x"'],
    ['named[*].triggers.a', '?'],
    ['open[*].triggers.a', '?'],
    ['open[2].triggers.a', '?'],
  ])('null_resource.%s is %s', (steps, expected) => {
    const text = `${RESOURCES}locals {\n  r = null_resource.${steps}\n}\n`;
    expect(show(valueOfLocal(text, 'r'))).toBe(expected);
  });
});
