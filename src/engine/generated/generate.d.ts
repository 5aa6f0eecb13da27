/** Source of `validate-config.ts` from the content of schema/config.json. */
export function generateConfigValidator(schema: object): string;
