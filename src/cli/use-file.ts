import { CatalogFileError } from '../coder/catalog/file.ts';
import { BaselineError } from '../report/baseline.ts';
import { UsageError } from './environment.ts';

/**
 * Does something with a file that the user chose.
 * @param trouble what is said when that does not work, before the reason: "the catalogue x.json cannot be used"
 * @throws UsageError when the system refuses it, or when it is no catalogue or baseline
 */
export function useFile<Result>(trouble: string, use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    if (isSystemError(error)) throw new UsageError(`${trouble}: ${reasonOf(error)}`);
    if (error instanceof CatalogFileError || error instanceof BaselineError)
      throw new UsageError(`${trouble}: ${error.message}`);
    throw error;
  }
}

/** What went wrong, without the code and the path around it: "no such file or directory". */
function reasonOf({ message }: NodeJS.ErrnoException): string {
  return message.replace(/^[A-Z0-9_]+: /, '').replace(/, \w+(?: '.*)?$/s, '');
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}
