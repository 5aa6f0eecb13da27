import { parseArgs } from 'node:util';

/** Reads what a maintainers' script is called with; an option that it does not have ends it with a plain line. */
export function readArguments(config) {
  try {
    return parseArgs(config);
  } catch (error) {
    const options = Object.keys(config.options ?? {}).map((name) => `--${name}`);
    const known = options.length === 0 ? 'There are no options.' : `There are ${options.join(', ')}.`;
    console.error(`${error.message.split('.')[0]}. ${known}`);
    process.exit(2);
  }
}
