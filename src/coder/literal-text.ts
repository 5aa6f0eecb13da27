import { type Expression, literalString } from '../hcl/syntax.ts';

/**
 * The text of a literal as Terraform converts it to a string: `"a"`, `true`, `-1`. Null for `null` and for
 * everything that is computed.
 */
export function literalText(expression: Expression | undefined): string | null {
  switch (expression?.kind) {
    case undefined:
      return null;
    case 'literal':
      return expression.value === null ? null : String(expression.value);
    case 'unary': {
      const inner = expression.operator === '-' ? literalText(expression.operand) : null;
      return inner === null ? null : `-${inner}`;
    }
    default:
      return literalString(expression);
  }
}
